using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Errors;
using System.Security.Claims;

namespace Peregrine.Serving.Access.Admin;

/// <summary>The role that a call of the admin API needs. A call that says nothing needs a reader to look and a deployer for all else.</summary>
internal sealed record NeededRole(AdminRole Role)
{
    public static AdminRole Of(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<NeededRole>() is { } said) return said.Role;
        return HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? AdminRole.Reader : AdminRole.Deployer;
    }

    /// <exception cref="ApiErrorException">403: the key's role does not do.</exception>
    public static void Check(HttpContext context)
    {
        var held = AdminRoles.Parse(context.User.FindFirstValue(ApiKeyDefaults.RoleClaim) ?? "");
        var needed = Of(context);
        if (held?.Covers(needed) == true) return;
        var message = $"This call needs an admin key of role {AdminRoles.NameOf(needed)}; the role of yours is {(held is { } role ? AdminRoles.NameOf(role) : "unknown")}.";
        throw ApiError.Forbidden(message, $"{message} Ask an administrator of this node for one.", "RoleNeeded").AsException();
    }
}

internal static class NeededRoleExtensions
{
    /// <summary>Says which role a call needs.</summary>
    public static TBuilder ForRole<TBuilder>(this TBuilder call, AdminRole role) where TBuilder : IEndpointConventionBuilder => call.WithMetadata(new NeededRole(role));
}
