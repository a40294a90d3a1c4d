using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Peregrine.Serving.QueryLog.Columns;
using Peregrine.Serving.QueryLog.Sinks;
using Peregrine.Serving.QueryLog.Tail;

namespace Peregrine.Serving.QueryLog;

/// <summary>The query log: queue, writer, columns, sinks, tail.</summary>
internal static class QueryLogServices
{
    public static IServiceCollection AddQueryLog(this IServiceCollection services)
    {
        services.AddOptions<QueryLogOptions>().BindConfiguration(QueryLogOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<QueryLogOptions>, QueryLogOptionsValidator>();
        services.AddSingleton<QueryLogQueue>();
        services.AddSingleton<ColumnPolicies>();
        services.AddSingleton<ColumnHashKey>();
        services.AddSingleton<ColumnFilter>();
        services.AddSingleton<QueryLogSinks>();
        services.AddSingleton<QueryLogTail>();
        services.AddHostedService<QueryLogWriter>();
        return services;
    }
}
