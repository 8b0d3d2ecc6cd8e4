package dev.tiphys.apiserver.admission.pods;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The service account of a Pod: upstream's plugin ServiceAccount. A Pod that names none runs as
/// the one that every namespace has; it must exist. From it the Pod gets the secrets that its
/// images are pulled with, and a token in each container. Mirror Pods, which nodes make of their
/// own files, run as none. An update that leaves the name out keeps it, so that the manifest that
/// made a Pod can replace it.
public final class PodServiceAccount implements Admission {

  private static final String MIRROR = "kubernetes.io/config.mirror";
  private static final String DEFAULT = "default";
  private static final String ENFORCED = "kubernetes.io/enforce-mountable-secrets";
  private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");

  /// A new namespace has no account yet: a controller makes it a moment later.
  private static final Duration PATIENCE = Duration.ofMillis(1_500);

  private static final Duration PAUSE = Duration.ofMillis(20);

  private final World world;
  private final Lookup lookup;
  private final TokenMounts mounts;

  public PodServiceAccount(World world, Lookup lookup) {
    this.world = world;
    this.lookup = lookup;
    this.mounts = new TokenMounts(world.random());
  }

  @Override
  public Struct mutate(Request request, Struct pod, @Nullable Struct old) {
    if (!request.isOn("", "pods")) {
      return pod;
    }
    if (old != null) {
      String name = old.string("spec", "serviceAccountName");
      return name.isEmpty() || !pod.string("spec", "serviceAccountName").isEmpty()
          ? pod
          : named(pod, name);
    }
    Struct equipped = isMirror(pod) ? pod : equipped(request, pod);
    validate(request, equipped, null); // before the rules of Pods are looked at
    return equipped;
  }

  private Struct equipped(Request request, Struct pod) {
    String given = pod.string("spec", "serviceAccountName");
    Struct equipped = given.isEmpty() ? named(pod, DEFAULT) : pod;
    Struct account = account(request, equipped);
    if (wantsToken(account, pod)) {
      equipped = mounts.added(equipped);
    }
    return pod.list("spec", "imagePullSecrets").isEmpty()
            && !account.list("imagePullSecrets").isEmpty()
        ? equipped.withAt(account.list("imagePullSecrets"), "spec", "imagePullSecrets")
        : equipped;
  }

  private static Struct named(Struct pod, String name) {
    return pod.withAt(name, "spec", "serviceAccountName").withAt(name, "spec", "serviceAccount");
  }

  /// The Pod's wish counts before the account's.
  private static boolean wantsToken(Struct account, Struct pod) {
    String field = "automountServiceAccountToken";
    return pod.has("spec", field)
        ? pod.bool("spec", field)
        : !account.has(field) || account.bool(field);
  }

  @Override
  public void validate(Request request, Struct pod, @Nullable Struct old) {
    if (request.isOn("", "pods") && old == null) {
      Consumer<String> refuse = cause -> refuse(request, pod, cause);
      if (isMirror(pod)) {
        checkMirror(pod, refuse);
      } else {
        Struct account = account(request, pod);
        if (isEnforced(account)) {
          SecretReferences.check(pod, account, refuse);
        }
      }
    } else if (request.isOn("", "pods", "ephemeralcontainers")) {
      Struct account = account(request, pod);
      if (isEnforced(account)) {
        SecretReferences.checkEphemeral(pod, account, cause -> refuse(request, pod, cause));
      }
    }
  }

  private static boolean isEnforced(Struct account) {
    return TRUE.contains(account.string("metadata", "annotations", ENFORCED));
  }

  private static void checkMirror(Struct pod, Consumer<String> refuse) {
    if (!pod.string("spec", "serviceAccountName").isEmpty()) {
      refuse.accept("a mirror pod may not reference service accounts");
    }
    if (SecretReferences.in(pod)) {
      refuse.accept("a mirror pod may not reference secrets");
    }
    for (Struct volume : pod.structs("spec", "volumes")) {
      if (volume.structs("projected", "sources").stream()
          .anyMatch(source -> source.has("serviceAccountToken"))) {
        refuse.accept("a mirror pod may not use ServiceAccountToken volume projections");
      }
    }
  }

  private static boolean isMirror(Struct pod) {
    return pod.has("metadata", "annotations", MIRROR);
  }

  private Struct account(Request request, Struct pod) {
    String name = pod.string("spec", "serviceAccountName");
    if (name.isEmpty()) {
      throw refusal(
          request,
          pod,
          "no service account specified for pod "
              + request.namespace()
              + "/"
              + pod.string("metadata", "name"));
    }
    Struct found = find(request.namespace(), name);
    if (found == null) {
      throw refusal(
          request,
          pod,
          "error looking up service account "
              + request.namespace()
              + "/"
              + name
              + ": serviceaccount \""
              + name
              + "\" not found");
    }
    return found;
  }

  private @Nullable Struct find(String namespace, String name) {
    Struct found = lookup.find("", "serviceaccounts", namespace, name);
    long end = world.nanoTime() + PATIENCE.toNanos();
    try {
      while (found == null && name.equals(DEFAULT) && world.nanoTime() < end) {
        world.sleep(PAUSE);
        found = lookup.find("", "serviceaccounts", namespace, name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return found;
  }

  private static void refuse(Request request, Struct pod, String cause) {
    throw refusal(request, pod, cause);
  }

  private static ApiException refusal(Request request, Struct pod, String cause) {
    return request.forbidden(pod, cause);
  }

  /// The names of the Secrets that an account lists.
  static Set<String> names(Struct account, String field) {
    List<Struct> references = account.structs(field);
    return references.stream().map(each -> each.string("name")).collect(Collectors.toSet());
  }
}
