namespace Segmentation;

public sealed class PropertyBag;
