namespace Peregrine.Serving.Kinds;

/// <summary>One call of a kind of endpoint: the last part of its path, and where its records stand in the body.</summary>
/// <param name="Name">Such as <c>lookup</c>.</param>
/// <param name="Record">Member that holds a record, such as <c>data</c>.</param>
/// <param name="Many">Whether the records are items of a list <c>items</c>, each with that member.</param>
internal sealed record KindCall(string Name, string Record, bool Many)
{
    public const string Items = "items";

    /// <summary>The member of the body that must be there.</summary>
    public string Payload => Many ? Items : Record;

    /// <summary>What a body looks like.</summary>
    public string Example => Many ? $"{{\"{Items}\":[{{\"{Record}\":{{…}}}}]}}" : $"{{\"{Record}\":{{…}}}}";
}
