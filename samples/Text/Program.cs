using Text;

return TextCommand.Invoke(args, Console.Out, Console.Error);
