using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Peregrine.Designing.Store;

internal static class StoreServices
{
    public static IServiceCollection AddDesignStore(this IServiceCollection services)
    {
        services.AddDbContextFactory<DesignDbContext>(Configure);
        services.AddSingleton<DesignStore>();
        return services;
    }

    private static void Configure(IServiceProvider provider, DbContextOptionsBuilder builder)
    {
        var options = provider.GetRequiredService<IOptions<DesigningOptions>>().Value;

        // A command for each row of a list says nothing to an operator.
        builder.ConfigureWarnings(warnings => warnings.Log((RelationalEventId.CommandExecuted, LogLevel.Debug)));
        if (options.ConnectionString is { Length: > 0 } connectionString)
        {
            builder.UseNpgsql(connectionString);
            return;
        }

        var connection = new SqliteConnectionStringBuilder { DataSource = Path.Combine(options.DataDirectory, "design.db"), ForeignKeys = true };
        builder.UseSqlite(connection.ToString()).AddInterceptors(new SqliteBusyTimeout());
    }
}
