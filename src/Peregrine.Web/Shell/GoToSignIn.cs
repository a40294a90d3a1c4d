using Microsoft.AspNetCore.Components;

namespace Peregrine.Web.Shell;

/// <summary>Leads a visitor whose sign-in has run out to the sign-in page and, from there, back.</summary>
public sealed class GoToSignIn(NavigationManager navigation) : ComponentBase
{
    protected override void OnInitialized()
    {
        var here = "/" + navigation.ToBaseRelativePath(navigation.Uri);
        navigation.NavigateTo("/signin?returnUrl=" + Uri.EscapeDataString(here), forceLoad: true);
    }
}
