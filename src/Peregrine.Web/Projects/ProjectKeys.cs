namespace Peregrine.Web.Projects;

public static class ProjectKeys
{
    /// <summary>A key that suits a name: upper case, words joined by _, no more than 30 letters.</summary>
    public static string From(string name)
    {
        var key = new string([.. name.Trim().ToUpperInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_')]);
        while (key.Contains("__", StringComparison.Ordinal)) key = key.Replace("__", "_", StringComparison.Ordinal);
        key = key.Trim('_');
        return key.Length > 30 ? key[..30].TrimEnd('_') : key;
    }
}
