using Words;

return WordsCommand.Invoke(args, Console.Out, Console.Error);
