namespace Peregrine.Web.Components;

/// <param name="Where">A member, column or row of the input, as a JSON pointer or a name.</param>
public sealed record FaultPlace(string Where, string Message);
