using System.Security.Cryptography;

namespace Peregrine.Designing;

/// <summary>Ids given by the server: eight letters and digits, beginning with a letter, so that composed ids can be taken apart.</summary>
internal static class ObjectIds
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string LettersAndDigits = Letters + "0123456789";

    public static string New() => RandomNumberGenerator.GetString(Letters, 1) + RandomNumberGenerator.GetString(LettersAndDigits, 7);
}
