using Peregrine.Hosting.Errors;
using Peregrine.Web.Components;

namespace Peregrine.Web.Live;

/// <summary>Turns the engines' refusals into faults of the page.</summary>
internal static class FaultReading
{
    /// <summary>Null when the exception is not a refusal but a fault of ours.</summary>
    public static Fault? TryRead(Exception exception) => exception is ApiErrorException refusal ? Of(refusal.Error) : null;

    private static Fault Of(ApiError error)
    {
        // The detailed message usually begins with the message itself: it is not said twice.
        var more = error.DetailedMessage.StartsWith(error.Message, StringComparison.Ordinal) ? error.DetailedMessage[error.Message.Length..].Trim() : error.DetailedMessage;
        return new Fault(error.Status, error.Message, more.Length == 0 ? null : more)
        {
            Places = [.. error.Errors.Select(item => new FaultPlace(item.Pointer, item.Message))],
        };
    }
}
