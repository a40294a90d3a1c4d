using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Peregrine.FunctionalTests.Processes;

/// <summary>The real program in a process of its own.</summary>
internal sealed class PeregrineProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private PeregrineProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(_errors, line.Data);
    }

    public int Id => _process.Id;
    public string Output => Read(_output);
    public string Errors => Read(_errors);
    public bool HasExited => _process.HasExited;

    /// <param name="environment">Added to the variables of the tests; a null value removes one.</param>
    public static PeregrineProcess Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, bool withInput = false, string? user = null)
    {
        var start = new ProcessStartInfo(user is null ? "dotnet" : "setpriv") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        if (user is not null) foreach (var word in new[] { "--reuid", user, "--regid", user, "--clear-groups", "dotnet" }) start.ArgumentList.Add(word);
        start.ArgumentList.Add(Repository.Program);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var name in new[] { "PEREGRINE_ADMIN_KEY", "PEREGRINE_URL", "PEREGRINE_KEY", "PEREGRINE_STORE" }) start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        var process = new PeregrineProcess(Process.Start(start)!);
        process._process.BeginOutputReadLine();
        process._process.BeginErrorReadLine();
        if (!withInput) process._process.StandardInput.Close();
        return process;
    }

    public static async Task<PeregrineResult> RunAsync(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? input = null, int seconds = 120, string? user = null)
    {
        await using var process = Start(arguments, environment, withInput: input is not null, user);
        if (input is not null)
        {
            await process._process.StandardInput.WriteAsync(input);
            process._process.StandardInput.Close();
        }

        var code = await process.WaitForExitAsync(seconds);
        return new PeregrineResult(code, process.Output, process.Errors);
    }

    /// <summary>Waits until a line of standard output starts with <paramref name="prefix"/>, and returns that line.</summary>
    public async Task<string> WaitForLineAsync(string prefix, int seconds = 60)
    {
        var deadline = Stopwatch.StartNew();
        while (deadline.Elapsed.TotalSeconds < seconds)
        {
            if (Output.Split('\n').FirstOrDefault(line => line.TrimStart().StartsWith(prefix, StringComparison.Ordinal)) is { } found) return found.Trim();
            if (_process.HasExited) break;
            await Task.Delay(30);
        }

        throw new InvalidOperationException($"No line '{prefix}' within {seconds} s (exited: {_process.HasExited}).\nOutput:\n{Output}\nErrors:\n{Errors}");
    }

    public async Task<int> WaitForExitAsync(int seconds = 60)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new InvalidOperationException($"Still running after {seconds} s.\nOutput:\n{Output}\nErrors:\n{Errors}", late);
        }

        return _process.ExitCode;
    }

    /// <summary>SIGTERM, as an operator's system stops a service.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        return await WaitForExitAsync();
    }

    /// <summary>SIGKILL: no chance to clean up.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is null) return;
        lock (text) text.Append(line).Append('\n');
    }

    private static string Read(StringBuilder text)
    {
        lock (text) return text.ToString();
    }
}
