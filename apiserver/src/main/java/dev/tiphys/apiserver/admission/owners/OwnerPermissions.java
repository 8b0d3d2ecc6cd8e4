package dev.tiphys.apiserver.admission.owners;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Attributes.Subject.OfResource;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.authorization.Decision;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An owner, with which an object is deleted, is given to it by users who may delete it; one that
/// waits for it by users who may hold the owner. Upstream's plugin
/// OwnerReferencesPermissionEnforcement.
public final class OwnerPermissions implements Admission {

  private final Authorizer authorizer;
  private final Supplier<List<Resource>> resources;

  /// @param resources all that are served
  public OwnerPermissions(Authorizer authorizer, Supplier<List<Resource>> resources) {
    this.authorizer = authorizer;
    this.resources = resources;
  }

  @Override
  public void validate(Request request, Struct object, @Nullable Struct old) {
    boolean writes =
        request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
    List<Struct> before = old == null ? List.of() : Meta.of(old).owners();
    List<Struct> now = Meta.of(object).owners();
    boolean isStatusOfPod = request.isOn("", "pods", "status");
    if (!writes || isStatusOfPod || now.equals(before)) {
      return;
    }
    if (request.operation() == Operation.UPDATE) {
      Resource resource = request.resource();
      check(
          request,
          object,
          "delete",
          new OfResource(
              resource.group(),
              resource.groupVersion().version(),
              resource.plural(),
              request.subresource(),
              request.namespace(),
              request.name()),
          "cannot set an ownerRef on a resource you can't delete");
    }
    for (Struct owner : now) {
      if (owner.bool("blockOwnerDeletion") && !isBlocking(before, owner)) {
        checkBlocking(request, object, owner);
      }
    }
  }

  private static boolean isBlocking(List<Struct> before, Struct owner) {
    return before.stream()
        .anyMatch(
            other ->
                other.string("uid").equals(owner.string("uid"))
                    && other.bool("blockOwnerDeletion"));
  }

  private void checkBlocking(Request request, Struct object, Struct owner) {
    OfResource anything = new OfResource("*", "*", "*", "finalizers", "", "*");
    if (decide(request, "update", anything).isAllowed()) {
      return;
    }
    GroupVersion version = GroupVersion.parse(owner.string("apiVersion"));
    List<Resource> meant =
        resources.get().stream()
            .filter(each -> each.groupVersion().equals(version))
            .filter(each -> each.kind().equals(owner.string("kind")) && each.storage() != null)
            .toList();
    if (meant.isEmpty()) {
      throw request.forbidden(
          object,
          "cannot set blockOwnerDeletion in this case because cannot find RESTMapping for"
              + " APIVersion %s Kind %s: no matches for kind \"%s\" in version \"%s\""
                  .formatted(version, owner.string("kind"), owner.string("kind"), version));
    }
    for (Resource each : meant) {
      check(
          request,
          object,
          "update",
          new OfResource(
              each.group(),
              version.version(),
              each.plural(),
              "finalizers",
              each.namespaced() ? request.namespace() : "",
              owner.string("name")),
          "cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set"
              + " finalizers on");
    }
  }

  private Decision decide(Request request, String verb, OfResource subject) {
    return authorizer.decide(new Attributes(request.call().user(), verb, subject));
  }

  private void check(
      Request request, Struct object, String verb, OfResource subject, String problem) {
    Decision decision = decide(request, verb, subject);
    if (!decision.isAllowed()) {
      String error = decision.error().isEmpty() ? "<nil>" : decision.error();
      throw request.forbidden(object, problem + ": " + decision.reason() + ", " + error);
    }
  }
}
