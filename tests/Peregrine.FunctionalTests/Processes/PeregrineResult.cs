namespace Peregrine.FunctionalTests.Processes;

internal sealed record PeregrineResult(int ExitCode, string Output, string Errors)
{
    /// <summary>Fails with all that was printed unless the exit code is as expected.</summary>
    public PeregrineResult ShouldExit(int code)
    {
        ExitCode.ShouldBe(code, $"Output:\n{Output}\nErrors:\n{Errors}");
        return this;
    }
}
