using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Serving.Access;

namespace Peregrine.Serving.Tests.Access;

public sealed class AdminPortTests
{
    private const string Body = $$"""{"features":{{TestPackage.GoodFeatures}}}""";

    [Fact]
    public async Task OwnPort_HasTheAdminApiAndTheNodePortHasNot()
    {
        var directory = Directory.CreateTempSubdirectory("peregrine-port-").FullName;
        try
        {
            await using (await new ApiNodeBuilder().On(directory).WithService().StartAsync()) { }
            await using var node = await new ApiNodeBuilder().On(directory).WithServices(services => services.Configure<AccessOptions>(access => access.AdminPort = 0)).StartAsync();
            node.AdminAddress.Port.ShouldNotBe(node.Address.Port);

            (await node.PredictAsync(Body)).ShouldSucceed();
            foreach (var path in (string[])["admin/api/services", "ADMIN/api/services", "//admin//api/services", "admin", "%61dmin/api/services"])
                (await AskAsync(node, node.Address, HttpMethod.Get, path)).ShouldBe(HttpStatusCode.NotFound, path);
            foreach (var path in (string[])["admin/api/services", "ADMIN/api/services", "readyz", "livez", "isAlive", "metrics"])
                (await AskAsync(node, node.AdminAddress, HttpMethod.Get, path)).ShouldBe(HttpStatusCode.OK, path);
            foreach (var path in (string[])["public/api/v1/fraud/score/predict", "//public/api/v1/fraud/score/predict", "public/api/v1/fraud/openapi.json", "v2/health/live", ""])
                (await AskAsync(node, node.AdminAddress, path.Contains("predict", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get, path)).ShouldBe(HttpStatusCode.NotFound, path);
            foreach (var probe in (string[])["readyz", "livez"]) (await AskAsync(node, node.Address, HttpMethod.Get, probe)).ShouldBe(HttpStatusCode.OK, probe);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<HttpStatusCode> AskAsync(TestNode node, Uri root, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, new Uri(root.ToString() + path)) { Content = method == HttpMethod.Post ? new StringContent(Body) : null };
        request.Headers.Authorization = TestNode.Basic(ApiNodeBuilder.AdminKey);
        using var response = await node.Http.SendAsync(request);
        return response.StatusCode;
    }
}
