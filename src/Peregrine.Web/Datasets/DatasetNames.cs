namespace Peregrine.Web.Datasets;

public static class DatasetNames
{
    /// <summary>A dataset name that suits a file: its base name without endings, other signs than letters, digits, _ and - as _.</summary>
    public static string From(string path)
    {
        var file = path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
        var dot = file.IndexOf('.', StringComparison.Ordinal);
        var name = dot > 0 ? file[..dot] : file;
        return new string([.. name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' ? letter : '_')]);
    }
}
