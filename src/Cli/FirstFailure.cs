using System.Runtime.ExceptionServices;

namespace Segmentation.Cli;

/// <summary>Waits for tasks that stop each other: the failure that stopped the others is thrown, not the cancellations it caused.</summary>
internal static class FirstFailure
{
    public static async Task OfAllAsync(params Task[] tasks)
    {
        Task all = Task.WhenAll(tasks);
        try
        {
            await all;
        }
        catch (Exception)
        {
            Exception? cause = all.Exception?.InnerExceptions.FirstOrDefault(failure => failure is not OperationCanceledException);
            if (cause is null)
                throw;
            ExceptionDispatchInfo.Throw(cause);
        }
    }
}
