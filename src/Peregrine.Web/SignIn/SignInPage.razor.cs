using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Authentication;

namespace Peregrine.Web.SignIn;

public sealed partial class SignInPage
{
    private string? _error;

    [SupplyParameterFromForm(FormName = "signin")] private string? Key { get; set; }
    [SupplyParameterFromQuery(Name = "returnUrl")] private string? ReturnUrl { get; set; }
    [SupplyParameterFromQuery(Name = "ticket")] private string? Ticket { get; set; }
    [CascadingParameter] private HttpContext Context { get; set; } = null!;
    [Inject] private IApiKeyDirectory Keys { get; set; } = null!;
    [Inject] private SignInTickets Tickets { get; set; } = null!;
    [Inject] private NavigationManager Navigation { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        if (!HttpMethods.IsGet(Context.Request.Method) || string.IsNullOrEmpty(Ticket)) return;
        if (Tickets.Redeem(Ticket)) await EnterAsync(keyHash: null, "admin");
        else _error = "This link was used before or is older than ten minutes. Sign in with the key instead.";
    }

    private async Task SubmitAsync()
    {
        var secret = Key?.Trim();
        if (string.IsNullOrEmpty(secret))
        {
            _error = "Enter an admin API key.";
            return;
        }
        var hash = ApiKeyHash.Of(secret);
        if (Keys.Find(hash) is { } key) await EnterAsync(hash.ToString(), key.Label);
        else _error = "This key is not known here, or it has expired.";
    }

    private async Task EnterAsync(string? keyHash, string name)
    {
        await Context.SignInAsync(PageSignIn.Scheme, PageSignIn.Principal(name, keyHash));
        Navigation.NavigateTo(PageSignIn.SafeReturn(ReturnUrl));
    }
}
