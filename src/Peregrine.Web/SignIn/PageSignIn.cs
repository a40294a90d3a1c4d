using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Peregrine.Hosting.Authentication;

namespace Peregrine.Web.SignIn;

/// <summary>Sign-in of people: an admin API key, or a one-time link, becomes a cookie. Programs go on sending their key.</summary>
public static class PageSignIn
{
    /// <summary>The cookie scheme; it stands beside the API key scheme of the REST calls.</summary>
    public const string Scheme = "Peregrine.Page";

    /// <summary>The policy of every page.</summary>
    public const string Policy = "Peregrine.Page";

    /// <summary>Claim with the hash of the key that signed in: a key that is taken back ends its sessions too.</summary>
    private const string KeyHashClaim = "peregrine:key-hash";

    /// <param name="keyHash">Null when no key was used but a one-time link.</param>
    public static ClaimsPrincipal Principal(string name, string? keyHash)
    {
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], Scheme);
        if (keyHash is not null) identity.AddClaim(new Claim(KeyHashClaim, keyHash));
        return new ClaimsPrincipal(identity);
    }

    /// <summary>Only addresses of this page: never one of another host.</summary>
    public static string SafeReturn(string? returnUrl) =>
        returnUrl is { Length: > 0 } && returnUrl[0] == '/' && !returnUrl.StartsWith("//", StringComparison.Ordinal) && !returnUrl.Contains('\\', StringComparison.Ordinal)
            ? returnUrl : "/";

    internal static IServiceCollection AddPageSignIn(this IServiceCollection services)
    {
        services.TryAddSingleton<SignInTickets>();
        services.AddAuthentication().AddCookie(Scheme, cookie =>
        {
            cookie.Cookie.Name = "peregrine";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.ExpireTimeSpan = TimeSpan.FromHours(12);
            cookie.SlidingExpiration = true;
            cookie.LoginPath = "/signin";
            cookie.ReturnUrlParameter = "returnUrl";
            cookie.Events.OnValidatePrincipal = EndWithItsKeyAsync;
        });
        services.AddAuthorizationBuilder().AddPolicy(Policy, policy => policy.AddAuthenticationSchemes(Scheme).RequireAuthenticatedUser());
        return services;
    }

    internal static void MapPageSignIn(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/signout", SignOutAsync).RequireAuthorization(Policy).ExcludeFromDescription();

    private static Task EndWithItsKeyAsync(CookieValidatePrincipalContext context)
    {
        var claim = context.Principal?.FindFirst(KeyHashClaim)?.Value;
        if (claim is null) return Task.CompletedTask;
        var keys = context.HttpContext.RequestServices.GetRequiredService<IApiKeyDirectory>();
        if (!ApiKeyHash.TryParse(claim, out var hash) || keys.Find(hash) is null) context.RejectPrincipal();
        return Task.CompletedTask;
    }

    private static async Task<RedirectHttpResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery)
    {
        await antiforgery.ValidateRequestAsync(context);
        await context.SignOutAsync(Scheme);
        return TypedResults.LocalRedirect("/signin");
    }
}
