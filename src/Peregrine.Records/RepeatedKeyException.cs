namespace Peregrine.Records;

/// <summary>A key that should be unique stands at two positions.</summary>
public sealed class RepeatedKeyException(string key, int first, int second) : ArgumentException($"The key '{key}' stands twice.")
{
    public string Key => key;

    public int First => first;

    public int Second => second;
}
