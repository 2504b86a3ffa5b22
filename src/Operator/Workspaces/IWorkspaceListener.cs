namespace Segmentation.Operator.Workspaces;

/// <summary>Who is told of what happens in a workspace. Called from the partitions' turns: must return at once.</summary>
internal interface IWorkspaceListener
{
    void ReplanNeeded(string workspace);

    /// <summary>All numbers have become known.</summary>
    void NumbersComplete(string workspace);

    /// <summary>Numbers of a segment that another replica reports are new.</summary>
    void NumbersChanged(string workspace, string segment);

    void MembershipChanged(string workspace, string segment, int partition);

    /// <summary>The replica that leads should hear of this replica's share soon.</summary>
    void ShareChanged(string workspace);

    /// <summary>A partition, of this replica's share or another's, has something new in its log.</summary>
    void Forwarded(string workspace, int partition);

    /// <summary>Another replica may take a partition over.</summary>
    void GivenUp(string workspace, int partition);
}
