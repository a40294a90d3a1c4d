using Peregrine.Commands;
using Peregrine.Hosting.Authentication;

namespace Peregrine.DataDirectories;

/// <summary>The first admin key of an instance: preset by the environment, or made once and left in the data directory.</summary>
/// <param name="Secret">The key in the clear.</param>
/// <param name="File">Where the operator finds it; null when the operator preset it.</param>
public sealed record FirstAdminKey(string Secret, string? File)
{
    public const string Variable = "PEREGRINE_ADMIN_KEY";

    /// <summary>Shortest key that is taken from the environment.</summary>
    public const int MinLength = 8;

    public static async Task<FirstAdminKey> EnsureAsync(DataDirectory directory, string? preset, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(preset)) return new FirstAdminKey(Checked(preset), null);
        if (await SecretFile.ReadAsync(directory.AdminKeyFile, cancellationToken) is { } existing) return new FirstAdminKey(existing, directory.AdminKeyFile);
        var secret = ApiKeySecret.Create();
        await SecretFile.WriteAsync(directory.AdminKeyFile, secret, cancellationToken);
        return new FirstAdminKey(secret, directory.AdminKeyFile);
    }

    private static string Checked(string preset)
    {
        if (preset.Length < MinLength)
            throw new UsageException($"{Variable} has {preset.Length} characters; a key needs at least {MinLength}. Unset it to have one made.");
        if (preset.Any(letter => letter is <= ' ' or > '~' or ':'))
            throw new UsageException($"{Variable} may hold visible ASCII characters without ':' only, since it travels in an HTTP header. Unset it to have one made.");
        return preset;
    }
}
