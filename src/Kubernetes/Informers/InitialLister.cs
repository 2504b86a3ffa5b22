using Kubernetes.Client;
using Kubernetes.Model;

namespace Kubernetes.Informers;

/// <summary>Lists a whole collection page by page, for servers that cannot send it at the beginning of a watch.</summary>
internal sealed class InitialLister<T>(KubernetesClient client, string? scope, string? labelSelector)
    where T : class, IKubernetesObject
{
    private const int PageSize = 500;

    private bool _listedBefore;

    public async Task<EntityList<T>> ListAsync(CancellationToken cancellationToken)
    {
        // The first list may come from any server's cache. Later ones ask for the newest state: another server's older cache
        // would take us back in time.
        var options = new ListOptions { Limit = PageSize, ResourceVersion = _listedBefore ? null : "0", LabelSelector = labelSelector };
        EntityList<T> list;
        try
        {
            list = await ListPagesAsync(options, cancellationToken);
        }
        catch (GoneException)
        {
            // The pages took longer than the server remembers: take everything in one piece.
            list = await client.ListAsync<T>(scope, new ListOptions { LabelSelector = labelSelector }, cancellationToken);
        }

        _listedBefore = true;
        return list;
    }

    private async Task<EntityList<T>> ListPagesAsync(ListOptions options, CancellationToken cancellationToken)
    {
        var items = new List<T>();
        var undecodable = new List<UndecodableObject>();
        while (true)
        {
            var page = await client.ListAsync<T>(scope, options, cancellationToken);
            items.AddRange(page.Items);
            undecodable.AddRange(page.Undecodable);
            if (page.Continue is null)
                return page with { Items = items, Undecodable = undecodable };
            options = options with { Continue = page.Continue };
        }
    }
}
