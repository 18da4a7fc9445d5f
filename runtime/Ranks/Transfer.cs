namespace OptimGen;

/// <summary>A message that is being sent or received.</summary>
public abstract class Transfer
{
    /// <summary>Returns when the message has been received, or, if it is sent, when its bytes may be changed again. A second call does nothing.</summary>
    /// <exception cref="RankFailedException">Another rank has ended, or does not answer.</exception>
    /// <exception cref="InvalidOperationException">The message has another length than the memory that is to receive it.</exception>
    public abstract void Wait();
}
