using Digits.Training;
using OptimGen;
using Spectre.Console;

namespace Digits.Terminal;

/// <summary>Shows training in a file or a pipe, where nothing can be redrawn: one line for each epoch.</summary>
internal sealed class PlainDisplay(IAnsiConsole console, int epochs) : ITrainingDisplay
{
    public void Begin(DigitsRun run) => console.WriteLine($"{run.Choice.Name}, learning rate {Figures.Rate(run.Rate)}");

    public void Step(DigitsRun run, TrainingProgress progress)
    {
    }

    public void EndEpoch(DigitsRun run)
    {
        EpochRecord epoch = run.Epochs[^1];
        console.WriteLine(
            $"  epoch {epoch.Epoch}/{epochs}   cost {Figures.Cost(epoch.MeanCost)}   held-out accuracy {Figures.Percent(epoch.Accuracy)}"
            + $"   {Figures.Milliseconds(epoch.Duration.TotalSeconds)}");
    }

    public void End(DigitsRun run)
    {
        if (run.Note is not null)
        {
            console.WriteLine($"  {run.Note}");
        }
    }
}
