package dev.tiphys.apiserver.advice;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.advice.manifest.Present;
import dev.tiphys.apiserver.advice.manifest.Rule;
import dev.tiphys.apiserver.advice.manifest.Scene;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.World;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Warns writers of what will not do what it says. Refuses and changes nothing, and a rule that
/// fails is left out: nothing depends on advice.
///
/// Advice is for those who write manifests: not for parts of the cluster, for what a controller
/// made of a manifest, or for the cluster's own namespaces. Changes are looked at if they are of
/// what is wanted; dry runs always, so that they can be used to check manifests.
///
/// @param present what there is beside the manifest
public record Advice(World world, Present present) implements Admission {

  private static final System.Logger LOG = System.getLogger(Advice.class.getName());

  private static final Set<String> OWN_NAMESPACES =
      Set.of("kube-system", "kube-public", "kube-node-lease");

  private static final String OWN_ACCOUNTS = "system:serviceaccount:kube-system:";
  private static final String ACCOUNTS = "system:serviceaccount:";

  @Override
  public void validate(Request request, Struct object, @Nullable Struct old) {
    boolean isWritten =
        request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
    if (!isWritten || !request.subresource().isEmpty()) {
      return;
    }
    String resource = request.resource().groupResource();
    List<Rule> rules = Rules.of(resource);
    if (rules.isEmpty() || isOfCluster(request, object)) {
      return;
    }
    if (old != null && !request.call().dryRun() && !isOtherwise(object, old)) {
      return;
    }
    Scene scene = new Scene(resource, object, old, present, world.now(), request.call()::warn);
    rules.forEach(rule -> look(rule, scene));
  }

  private static void look(Rule rule, Scene scene) {
    try {
      scene.show(rule);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "advice failed: rule=" + rule.name(), e);
    }
  }

  private static boolean isOfCluster(Request request, Struct object) {
    UserInfo user = request.call().user();
    String name = user.name();
    boolean isPart = name.startsWith("system:") && !name.startsWith(ACCOUNTS);
    return isPart
        || name.startsWith(OWN_ACCOUNTS)
        || OWN_NAMESPACES.contains(request.namespace())
        || Meta.of(object).controller() != null
        || Meta.of(object).isBeingDeleted();
  }

  /// Whether more than metadata and status differs.
  private static boolean isOtherwise(Struct object, Struct old) {
    for (String field : object.names()) {
      if (!field.equals("metadata")
          && !field.equals("status")
          && !Objects.equals(object.get(field), old.get(field))) {
        return true;
      }
    }
    return object.size() < old.size();
  }
}
