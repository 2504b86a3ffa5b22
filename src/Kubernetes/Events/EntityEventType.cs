namespace Kubernetes.Events;

public enum EntityEventType
{
    Normal = 0,
    Warning = 1,
}
