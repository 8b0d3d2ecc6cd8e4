package dev.tiphys.node.pod;

import dev.tiphys.node.runtime.spec.SandboxName;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A Pod that is bound to this node.
///
/// @param object the whole object
public record Pod(Struct object) {
  private static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);

  public Meta meta() {
    return Meta.of(object);
  }

  public String name() {
    return meta().name();
  }

  public String namespace() {
    return meta().namespace();
  }

  public String uid() {
    return meta().uid();
  }

  public Struct spec() {
    return object.struct("spec");
  }

  public Struct status() {
    return object.struct("status");
  }

  public Struct security() {
    return spec().struct("securityContext");
  }

  /// `name_namespace(uid)`, as upstream writes Pods in messages.
  public String fullName() {
    return name() + "_" + namespace() + "(" + uid() + ")";
  }

  public SandboxName sandboxName(int attempt) {
    return new SandboxName(name(), namespace(), uid(), attempt);
  }

  public RestartPolicy restartPolicy() {
    return RestartPolicy.of(spec().string("restartPolicy"));
  }

  public boolean hostNetwork() {
    return spec().bool("hostNetwork");
  }

  public QosClass qos() {
    return QosClass.of(this);
  }

  /// Those that run before the others, side cars among them.
  public List<PodContainer> initContainers() {
    return containers(PodContainer.Kind.INIT, "initContainers");
  }

  public List<PodContainer> containers() {
    return containers(PodContainer.Kind.REGULAR, "containers");
  }

  public List<PodContainer> ephemeralContainers() {
    return containers(PodContainer.Kind.EPHEMERAL, "ephemeralContainers");
  }

  /// All of them: init, regular, ephemeral.
  public List<PodContainer> allContainers() {
    List<PodContainer> all = new ArrayList<>(initContainers());
    all.addAll(containers());
    all.addAll(ephemeralContainers());
    return all;
  }

  public @Nullable PodContainer container(String name) {
    for (PodContainer container : allContainers()) {
      if (container.name().equals(name)) {
        return container;
      }
    }
    return null;
  }

  private List<PodContainer> containers(PodContainer.Kind kind, String field) {
    return spec().structs(field).stream().map(c -> new PodContainer(kind, c)).toList();
  }

  public boolean isBeingDeleted() {
    return meta().isBeingDeleted();
  }

  /// How long its containers have to end: what the deletion says, or else the spec.
  public Duration grace() {
    if (object.has("metadata", "deletionGracePeriodSeconds")) {
      return Duration.ofSeconds(object.integer("metadata", "deletionGracePeriodSeconds"));
    }
    return spec().has("terminationGracePeriodSeconds")
        ? Duration.ofSeconds(spec().integer("terminationGracePeriodSeconds"))
        : DEFAULT_GRACE;
  }

  /// When it has to have ended, if it started at `start`; null if it may run for ever.
  public @Nullable Instant deadline(Instant start) {
    return spec().has("activeDeadlineSeconds")
        ? start.plusSeconds(spec().integer("activeDeadlineSeconds"))
        : null;
  }

  /// The phase that the API knows of.
  public String phase() {
    return status().string("phase");
  }

  /// Whether the API knows it as ended for good.
  public boolean isTerminal() {
    return phase().equals("Succeeded") || phase().equals("Failed");
  }

  /// Its name inside.
  public String hostname() {
    String wanted = spec().string("hostname");
    return wanted.isEmpty() ? shortened(name()) : wanted;
  }

  private static String shortened(String name) {
    int end = Math.min(name.length(), 63);
    while (end > 0 && (name.charAt(end - 1) == '-' || name.charAt(end - 1) == '.')) {
      end--;
    }
    return name.substring(0, end);
  }
}
