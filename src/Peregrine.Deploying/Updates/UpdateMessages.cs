using Peregrine.Contracts.Deployer;

namespace Peregrine.Deploying.Updates;

/// <summary>What an update's report says.</summary>
internal static class UpdateMessages
{
    public static readonly InfoMessage Interrupted = Error("ERR_UPDATE_INTERRUPTED", "Interrupted",
        "The Deployer was stopped while this update ran. Where the nodes had taken the packages, they are brought to it; else they keep what they served. Start the update again if it is still wanted.");

    public static readonly InfoMessage Aborted = Error("ERR_UPDATE_ABORTED", "Aborted",
        "The update was aborted. Start it again if it is still wanted.");

    public static readonly InfoMessage Fault = Error("ERR_UPDATE_FAULT", "Fault of the Deployer",
        "The Deployer failed to run this update; its log says more. Start it again.");

    public static readonly InfoMessage Untouched = new()
    {
        Severity = MessageSeverity.Info, Code = "INFO_NOT_SWITCHED", Title = "Nothing was switched",
        Message = "No node was switched: all of them answer as before.",
    };

    public static readonly InfoMessage BeingRepaired = new()
    {
        Severity = MessageSeverity.Info, Code = "INFO_REPAIR", Title = "Being repaired",
        Message = "The Deployer goes on bringing the other nodes to the wanted state by itself.",
    };

    public static readonly InfoMessage Done = new()
    {
        Severity = MessageSeverity.Success, Code = "SUCCESS_UPDATED", Title = "Updated", Message = "Every node is as wanted.",
    };

    public static InfoMessage OfNode(string nodeUrl, string reason) => Error("ERR_NODE", $"Node {nodeUrl}", reason);

    private static InfoMessage Error(string code, string title, string message) => new()
    {
        Severity = MessageSeverity.Error, IsFatal = true, Code = code, Title = title, Message = message,
    };
}
