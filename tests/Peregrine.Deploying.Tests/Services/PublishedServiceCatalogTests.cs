using System.Net;
using Peregrine.Serving.Tests;

namespace Peregrine.Deploying.Tests.Services;

public sealed class PublishedServiceCatalogTests
{
    [Fact]
    public async Task Import_OfTheSameContentAgain_ChangesNothing()
    {
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddServiceAsync("v1");

        (await deployer.ImportAsync(Deployer.PackageOf("v1"))).ShouldSucceed();

        (await deployer.GetAsync("/services/fraud")).Json["packages"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Import_OfOtherContentUnderTheSameId_IsAConflict()
    {
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddServiceAsync("v1");
        var digest = (await deployer.GetAsync("/services/fraud")).Json["packages"]![0]!["digest"]!.GetValue<string>();
        var other = new TestPackage { Version = "v1", Model = TestModels.Binary(bias: 0.9) }.Write();

        (await deployer.ImportAsync(other)).ShouldFail(HttpStatusCode.Conflict, "VersionExists");

        (await deployer.GetAsync("/services/fraud")).Json["packages"]![0]!["digest"]!.GetValue<string>().ShouldBe(digest);
    }

    [Fact]
    public async Task Import_AsRawBody_TakesTheIdFromInside()
    {
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddServiceAsync();
        using var content = new ByteArrayContent(Deployer.PackageOf("v7"));

        using var response = await deployer.Http.PostAsync(new Uri($"{deployer.Url}{Deployer.Base}/services/fraud/versions"), content);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var version = (await deployer.GetAsync("/services/fraud")).Json["packages"]![0]!;
        version["id"]!.GetValue<string>().ShouldBe("v7");
        version["endpoints"]![0]!["id"]!.GetValue<string>().ShouldBe("score");
    }

    [Fact]
    public async Task Import_OfWhatIsNoPackage_SaysSo()
    {
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddServiceAsync();
        var package = Deployer.PackageOf("v1");

        (await deployer.ImportAsync("PK, but no archive"u8.ToArray())).ShouldFail(HttpStatusCode.BadRequest, "BadPackage");
        (await deployer.ImportAsync(package[..(package.Length / 2)])).ShouldFail(HttpStatusCode.BadRequest, "BadPackage");
        (await deployer.PostAsync("/services/fraud/versions")).ShouldFail(HttpStatusCode.BadRequest, "MissingFile");
        (await deployer.ImportAsync(package, service: "unknown")).ShouldFail(HttpStatusCode.NotFound, "ServiceNotFound");

        (await deployer.GetAsync("/services/fraud")).Json["packages"]!.AsArray().ShouldBeEmpty();
        Directory.EnumerateFiles(Path.Combine(deployer.Folder, "deployer", "incoming")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Import_PastTheLimit_Is413()
    {
        await using var deployer = await Deployer.StartAsync(options => options.MaxPackageBytes = 1024);
        await deployer.AddServiceAsync();

        (await deployer.ImportAsync(new byte[4096])).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Download_WithEncodingsAccepted_AnswersTheBytesAsTheyCame()
    {
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddServiceAsync("v1");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{deployer.Url}{Deployer.Base}/services/fraud/versions/v1"));
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, deflate");

        using var response = await deployer.Http.SendAsync(request);

        response.EnsureSuccessStatusCode();
        response.Content.Headers.ContentEncoding.ShouldBeEmpty();
        (await response.Content.ReadAsByteArrayAsync()).ShouldBe(Deployer.PackageOf("v1"));
        (await deployer.GetAsync("/services/fraud/versions/v9")).ShouldFail(HttpStatusCode.NotFound, "VersionNotFound");
    }

    [Fact]
    public async Task Delete_OfAVersionOrServiceInUse_IsRefused()
    {
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddInfraAsync();
        await deployer.AddServiceAsync("v1", "v2");
        await deployer.AddDeploymentAsync();

        (await deployer.DeleteAsync("/services/fraud/versions/v1")).ShouldFail(HttpStatusCode.Conflict, "VersionInUse");
        (await deployer.DeleteAsync("/services/fraud")).ShouldFail(HttpStatusCode.Conflict, "ServiceInUse");
        (await deployer.DeleteAsync("/services/fraud/versions/v2")).ShouldSucceed();
        (await deployer.GetAsync("/services/fraud")).Json["packages"]!.AsArray().Select(version => (string?)version!["id"]).ShouldBe(["v1"]);
    }

    [Fact]
    public async Task Settings_WithUnknownMembers_KeepThem()
    {
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddServiceAsync();

        (await deployer.PutAsync("/services/fraud/settings", """{"id":"fraud","description":"d","permissions":[{"group":"ops"}]}""")).ShouldSucceed();

        (await deployer.GetAsync("/services/fraud/settings")).Json["permissions"]![0]!["group"]!.GetValue<string>().ShouldBe("ops");
        (await deployer.PutAsync("/services/fraud/settings", """{"id":"other"}""")).ShouldFail(HttpStatusCode.BadRequest, "InvalidSettings");
    }

    [Fact]
    public async Task Delete_ThenCreate_GivesAnEmptyService()
    {
        await using var deployer = await Deployer.StartAsync();
        await deployer.AddServiceAsync("v1");
        (await deployer.PostAsync("/services", """{"publishedServiceId":"fraud"}""")).ShouldFail(HttpStatusCode.Conflict, "ServiceExists");

        (await deployer.DeleteAsync("/services/fraud")).ShouldSucceed();
        (await deployer.PostAsync("/services", """{"publishedServiceId":"fraud"}""")).ShouldSucceed();

        (await deployer.GetAsync("/services/fraud")).Json["packages"]!.AsArray().ShouldBeEmpty();
    }
}
