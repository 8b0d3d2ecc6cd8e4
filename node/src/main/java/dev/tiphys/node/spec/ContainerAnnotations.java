package dev.tiphys.node.spec;

/// The annotations that the agent puts on containers, so that an agent that finds one knows what it
/// needs to know of it without its Pod. The names are upstream's.
public final class ContainerAnnotations {
  public static final String HASH = "io.kubernetes.container.hash";
  public static final String RESTART_COUNT = "io.kubernetes.container.restartCount";
  public static final String MESSAGE_PATH = "io.kubernetes.container.terminationMessagePath";
  public static final String MESSAGE_POLICY = "io.kubernetes.container.terminationMessagePolicy";
  public static final String GRACE = "io.kubernetes.pod.terminationGracePeriod";

  private ContainerAnnotations() {}
}
