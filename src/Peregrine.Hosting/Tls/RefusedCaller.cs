namespace Peregrine.Hosting.Tls;

/// <summary>Marks a connection whose caller is refused for his certificate: every request on it is answered with why.</summary>
/// <param name="Reason">A fixed word, for metrics.</param>
/// <param name="ErrorType">Of the error document.</param>
/// <param name="Message">For the caller and the log.</param>
internal sealed record RefusedCaller(string Reason, string ErrorType, string Message)
{
    /// <summary>Until the check has been made.</summary>
    public static readonly RefusedCaller Unchecked = new("unchecked", "ClientCertificateRefused", "The certificate was not checked.");
}
