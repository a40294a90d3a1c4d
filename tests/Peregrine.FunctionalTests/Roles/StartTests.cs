using System.Net;
using System.Net.Sockets;
using Peregrine.FunctionalTests.Processes;

namespace Peregrine.FunctionalTests.Roles;

public sealed class StartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string DataDirectory => _folder["data"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_FreshDirectory_ServesProbesOnBothPortsAndEndsWith0OnSigterm()
    {
        await using var server = await RunningServer.StartAsync(DataDirectory);

        foreach (var root in new[] { server.Url, server.NodeUrl })
        {
            foreach (var probe in new[] { "/livez", "/readyz" })
                (await server.Http.GetAsync(new Uri(root, probe))).StatusCode.ShouldBe(HttpStatusCode.OK, $"{root}{probe}");
        }

        (await server.Process.TerminateAsync()).ShouldBe(0, server.Process.Errors);
    }

    [Fact]
    public async Task Start_OnceTheNodeIsReady_AnswersVerbs()
    {
        var (port, nodePort) = FreePorts();
        await using var process = PeregrineProcess.Start(["start", "--data-dir", DataDirectory, "--port", $"{port}", "--node-port", $"{nodePort}"]);
        using var http = new HttpClient();
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (!await IsReadyAsync(http, nodePort))
        {
            process.HasExited.ShouldBeFalse(process.Errors);
            DateTime.UtcNow.ShouldBeLessThan(deadline);
            await Task.Delay(5);
        }

        File.Exists(Path.Combine(DataDirectory, "instance.json")).ShouldBeTrue("verbs find the address there");
        (await http.GetAsync($"http://127.0.0.1:{port}/readyz")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await PeregrineProcess.RunAsync(["project", "list", "--data-dir", DataDirectory])).ShouldExit(0);
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, int port)
    {
        try
        {
            return (await http.GetAsync($"http://127.0.0.1:{port}/readyz")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static (int, int) FreePorts()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        using var second = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        return (((IPEndPoint)first.LocalEndpoint).Port, ((IPEndPoint)second.LocalEndpoint).Port);
    }

    [Fact]
    public async Task Start_WithoutPresetKey_MakesOneThatOnlyTheOwnerCanRead()
    {
        await using var server = await RunningServer.StartAsync(DataDirectory);

        File.GetUnixFileMode(server.KeyFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        server.Process.Output.ShouldContain(server.KeyFile);
        server.Process.Output.ShouldNotContain(server.AdminKey);
        (await server.Http.GetAsync("/public/api/projects/")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var stranger = new HttpClient { BaseAddress = server.Url };
        (await stranger.GetAsync("/public/api/projects/")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Start_WithPresetKey_TakesItOnTheControlPlaneAndOnTheNode()
    {
        const string key = "a-preset-key-of-mine";
        await using var server = await RunningServer.StartAsync(DataDirectory, new Dictionary<string, string?> { ["PEREGRINE_ADMIN_KEY"] = key });
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = RunningServer.Basic(key);

        (await client.GetAsync(new Uri(server.Url, "/public/api/projects/"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync(new Uri(server.NodeUrl, "/admin/api/services"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        File.Exists(server.KeyFile).ShouldBeFalse();
    }

    [Fact]
    public async Task Start_AfterKill_ContinuesWhereItWas()
    {
        string key;
        await using (var first = await RunningServer.StartAsync(DataDirectory))
        {
            (await first.RunAsync("project", "create", "KEPT")).ShouldExit(0);
            key = first.AdminKey;
            await first.Process.KillAsync();
        }

        await using var second = await RunningServer.StartAsync(DataDirectory);
        second.AdminKey.ShouldBe(key);
        (await second.RunAsync("project", "list")).ShouldExit(0).Output.ShouldContain("KEPT");
    }

    [Theory]
    [InlineData("--port")]
    [InlineData("--node-port")]
    public async Task Start_PortInUse_SaysWhichAndByWhichOption(string option)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var other = option == "--port" ? "--node-port" : "--port";

        var result = await PeregrineProcess.RunAsync(["start", "--data-dir", DataDirectory, option, port, other, "0"]);

        result.ShouldExit(2).Errors.ShouldContain(port);
        result.Errors.ShouldContain($"with {option}.");
        Directory.Exists(DataDirectory).ShouldBeFalse("nothing is written before the ports are checked");
    }

    [Fact]
    public async Task Start_DirectoryOfANewerVersion_IsRefusedAndLeftAsItIs()
    {
        Directory.CreateDirectory(DataDirectory);
        var layout = Path.Combine(DataDirectory, "layout.json");
        const string newer = """{"format":99,"version":"9.9.0"}""";
        await File.WriteAllTextAsync(layout, newer);

        var result = await PeregrineProcess.RunAsync(["start", "--data-dir", DataDirectory, "--port", "0", "--node-port", "0"]);

        result.ShouldExit(2).Errors.ShouldContain("9.9.0");
        (await File.ReadAllTextAsync(layout)).ShouldBe(newer);
        File.Exists(Path.Combine(DataDirectory, "admin-key")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"format":0,"version":"?"}""")]
    public async Task Start_DamagedLayout_IsRefused(string content)
    {
        Directory.CreateDirectory(DataDirectory);
        await File.WriteAllTextAsync(Path.Combine(DataDirectory, "layout.json"), content);
        (await PeregrineProcess.RunAsync(["start", "--data-dir", DataDirectory, "--port", "0", "--node-port", "0"])).ShouldExit(2).Errors.ShouldContain("layout.json");
    }

    [Fact]
    public async Task Start_FolderOfSomethingElse_IsRefused()
    {
        Directory.CreateDirectory(DataDirectory);
        await File.WriteAllTextAsync(Path.Combine(DataDirectory, "thesis.txt"), "mine");
        (await PeregrineProcess.RunAsync(["start", "--data-dir", DataDirectory, "--port", "0", "--node-port", "0"])).ShouldExit(2).Errors.ShouldContain("thesis.txt");
    }

    [Fact]
    public async Task Start_DirectoryInUse_SaysByWhom()
    {
        await using var server = await RunningServer.StartAsync(DataDirectory);
        var result = await PeregrineProcess.RunAsync(["start", "--data-dir", DataDirectory, "--port", "0", "--node-port", "0"]);
        result.ShouldExit(2).Errors.ShouldContain($"process {server.Process.Id}");
        (await server.Http.GetAsync("/livez")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Start_DirectoryThatCannotBeWritten_IsRefused()
    {
        // Root may write everywhere, so the program is run as somebody else then.
        var closed = _folder["closed"];
        Directory.CreateDirectory(closed);
        var isRoot = Environment.UserName == "root";
        if (isRoot) File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var result = await PeregrineProcess.RunAsync(
            ["start", "--data-dir", Path.Combine(closed, "data"), "--port", "0", "--node-port", "0"], new Dictionary<string, string?> { ["HOME"] = "/nonexistent" }, user: isRoot ? "65534" : null);
        File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        result.ShouldExit(2).Errors.ShouldContain("cannot be written");
    }

    [Theory]
    [InlineData("--port", "65536")]
    [InlineData("--port", "-1")]
    [InlineData("--port", "x")]
    [InlineData("--bind", "nowhere")]
    [InlineData("--bind", "192.0.2.1")]
    [InlineData("--wrong", "1")]
    public async Task Start_WrongOption_EndsWith2(string option, string value) =>
        (await PeregrineProcess.RunAsync(["start", "--data-dir", DataDirectory, option, value])).ShouldExit(2).Errors.ShouldNotBeEmpty();

    [Theory]
    [InlineData("short")]
    [InlineData("with:colon-in-it")]
    [InlineData("with blank in it")]
    public async Task Start_UnusablePresetKey_EndsWith2(string key) =>
        (await PeregrineProcess.RunAsync(["start", "--data-dir", DataDirectory, "--port", "0", "--node-port", "0"], new Dictionary<string, string?> { ["PEREGRINE_ADMIN_KEY"] = key }))
        .ShouldExit(2).Errors.ShouldContain("PEREGRINE_ADMIN_KEY");
}
