using LogisticRegression;

return RegressionCommand.Invoke(args, Console.Out, Console.Error);
