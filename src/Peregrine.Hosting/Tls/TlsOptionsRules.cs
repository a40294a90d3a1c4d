using Microsoft.Extensions.Options;

namespace Peregrine.Hosting.Tls;

/// <summary>What attributes cannot say about <see cref="TlsOptions"/>; the files are read too, so that a start with wrong ones ends at once.</summary>
internal sealed class TlsOptionsRules(IEnumerable<TlsSection> sections) : IValidateOptions<TlsOptions>
{
    public ValidateOptionsResult Validate(string? name, TlsOptions options)
    {
        var section = sections.FirstOrDefault(one => one.Name == name)?.Path ?? name;
        var fault = Fault(options);
        return fault is null ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail($"{section}: {fault}");
    }

    private static string? Fault(TlsOptions options)
    {
        if (options.CertificateFile is null)
        {
            if (options.KeyFile is not null) return "KeyFile is given without CertificateFile.";
            return options.ClientCertificates == ClientCertificateMode.None ? null : "client certificates need TLS: give CertificateFile.";
        }

        if (options.Off) return null;
        if (options.ClientCertificates != ClientCertificateMode.None && options.ClientCaFile is null)
            return $"ClientCertificates is {options.ClientCertificates} without ClientCaFile, the authorities whose certificates are taken.";
        try
        {
            TlsFiles.Read(options);
            return null;
        }
        catch (TlsFileException wrong)
        {
            return wrong.Message;
        }
    }
}
