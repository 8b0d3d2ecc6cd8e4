package dev.tiphys.apiserver.authorization.node;

import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.authorization.Decision;
import dev.tiphys.apiserver.authorization.RuleResolver;
import dev.tiphys.apiserver.authorization.rbac.Rule;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/// Allows the agents of nodes what they need for the Pods of their node.
///
/// Threads: any.
public final class NodeAuthorizer implements Authorizer, RuleResolver {

  private static final Decision ALLOWED = Decision.allow("");
  private static final Set<String> OWN_VERBS = Set.of("get", "create", "update", "patch", "delete");

  private final Graph graph;
  private final List<Rule> rules;

  /// @param registries by group and plural; asked once there is a request
  /// @param rules what all nodes may do with what belongs to none
  public NodeAuthorizer(BiFunction<String, String, Registry> registries, List<Struct> rules) {
    this.graph = new Graph(registries);
    this.rules = rules.stream().map(Rule::new).toList();
  }

  @Override
  public Rules rulesFor(UserInfo user, String namespace) {
    return user.node().isEmpty()
        ? new Rules(List.of(), false, List.of())
        : new Rules(
            List.of(), true, List.of("node authorizer does not support user rule resolution"));
  }

  @Override
  public Decision decide(Attributes attributes) {
    String node = attributes.user().node();
    if (node.isEmpty()) {
      return Decision.NO_OPINION;
    }
    return switch (attributes.subject()) {
      case Subject.OfPath _ -> byRules(attributes);
      case Subject.OfResource resource -> ofResource(new Asked(node, attributes, resource));
    };
  }

  private Decision byRules(Attributes attributes) {
    return Rule.allow(rules, attributes) ? ALLOWED : Decision.NO_OPINION;
  }

  /// What a node wants to do with a resource.
  private record Asked(String node, Attributes attributes, Subject.OfResource resource) {
    String verb() {
      return attributes.verb();
    }

    String subresource() {
      return resource.subresource();
    }

    String groupResource() {
      return resource.group().isEmpty()
          ? resource.plural()
          : resource.plural() + "." + resource.group();
    }

    boolean isNamedAsNode() {
      return resource.name().equals(node);
    }
  }

  private Decision ofResource(Asked asked) {
    return switch (asked.groupResource()) {
      case Reference.SECRETS, Reference.CONFIG_MAPS -> read(asked);
      case Reference.CLAIMS -> asked.subresource().equals("status") ? status(asked) : get(asked);
      case Reference.VOLUMES, Reference.RESOURCE_CLAIMS, Reference.ATTACHMENTS -> get(asked);
      case Reference.SERVICE_ACCOUNTS ->
          asked.verb().equals("get") && asked.subresource().isEmpty() ? get(asked) : token(asked);
      case "leases.coordination.k8s.io" -> lease(asked);
      case "csinodes.storage.k8s.io" -> storageNode(asked);
      case Reference.RESOURCE_SLICES -> slice(asked);
      case "nodes" -> node(asked);
      case Reference.PODS -> pod(asked);
      default -> byRules(asked.attributes);
    };
  }

  private Decision related(Asked asked) {
    Subject.OfResource resource = asked.resource;
    if (resource.name().isEmpty()) {
      return Decision.noOpinion("No Object name found");
    }
    Reference object = new Reference(asked.groupResource(), resource.namespace(), resource.name());
    return graph.relates(asked.node, object)
        ? ALLOWED
        : Decision.noOpinion(
            "no relationship found between node '" + asked.node + "' and this object");
  }

  private Decision read(Asked asked) {
    if (!asked.attributes.isReading()) {
      return Decision.noOpinion("can only read resources of this type");
    }
    if (!asked.subresource().isEmpty()) {
      return Decision.noOpinion("cannot read subresource");
    }
    if (asked.resource.namespace().isEmpty()) {
      return Decision.noOpinion("can only read namespaced object of this type");
    }
    return related(asked);
  }

  private Decision get(Asked asked) {
    if (!asked.verb().equals("get")) {
      return Decision.noOpinion("can only get individual resources of this type");
    }
    return asked.subresource().isEmpty()
        ? related(asked)
        : Decision.noOpinion("cannot get subresource");
  }

  private Decision status(Asked asked) {
    return isUpdate(asked)
        ? related(asked)
        : Decision.noOpinion("can only get/update/patch this type");
  }

  private static boolean isUpdate(Asked asked) {
    return asked.verb().equals("update") || asked.verb().equals("patch");
  }

  private Decision token(Asked asked) {
    if (!asked.verb().equals("create") || asked.resource.name().isEmpty()) {
      return Decision.noOpinion("can only create tokens for individual service accounts");
    }
    return asked.subresource().equals("token")
        ? related(asked)
        : Decision.noOpinion("can only create token subresource of serviceaccount");
  }

  private static Decision lease(Asked asked) {
    if (!OWN_VERBS.contains(asked.verb())) {
      return Decision.noOpinion("can only get, create, update, patch, or delete a node lease");
    }
    if (!asked.resource.namespace().equals("kube-node-lease")) {
      return Decision.noOpinion(
          "can only access leases in the \"kube-node-lease\" system namespace");
    }
    return asked.verb().equals("create") || asked.isNamedAsNode()
        ? ALLOWED
        : Decision.noOpinion(
            "can only access node lease with the same name as the requesting node");
  }

  private static Decision storageNode(Asked asked) {
    if (!OWN_VERBS.contains(asked.verb())) {
      return Decision.noOpinion("can only get, create, update, patch, or delete a CSINode");
    }
    if (!asked.subresource().isEmpty()) {
      return Decision.noOpinion("cannot authorize CSINode subresources");
    }
    return asked.verb().equals("create") || asked.isNamedAsNode()
        ? ALLOWED
        : Decision.noOpinion("can only access CSINode with the same name as the requesting node");
  }

  private Decision slice(Asked asked) {
    if (!asked.subresource().isEmpty()) {
      return Decision.noOpinion("cannot authorize ResourceSlice subresources");
    }
    return switch (asked.verb()) {
      case "create" -> ALLOWED; // whose it is, admission looks at
      case "get", "update", "patch", "delete" -> related(asked);
      case "watch", "list", "deletecollection" ->
          asked.attributes.selectors().pins("spec.nodeName", asked.node)
              ? ALLOWED
              : Decision.noOpinion(
                  "can only list/watch/deletecollection resourceslices with nodeName field"
                      + " selector");
      default ->
          Decision.noOpinion(
              "only the following verbs are allowed for a ResourceSlice: get, watch, list, create,"
                  + " update, patch, delete, deletecollection");
    };
  }

  /// That a node only changes its own Node, admission sees to.
  private static Decision node(Asked asked) {
    return switch (asked.subresource()) {
      case "" -> {
        if (isUpdate(asked) || asked.verb().equals("create")) {
          yield ALLOWED;
        }
        yield asked.attributes.isReading() ? ownNode(asked) : Decision.NO_OPINION;
      }
      case "status" -> isUpdate(asked) ? ALLOWED : Decision.NO_OPINION;
      default -> Decision.NO_OPINION;
    };
  }

  private static Decision ownNode(Asked asked) {
    if (asked.isNamedAsNode()) {
      return ALLOWED;
    }
    String name = asked.resource.name();
    return Decision.noOpinion(
        "node '"
            + asked.node
            + "' cannot read "
            + (name.isEmpty() ? "all nodes" : "'" + name + "'")
            + ", only its own Node object");
  }

  /// That a node only changes Pods that are bound to it, admission sees to.
  private Decision pod(Asked asked) {
    return switch (asked.subresource()) {
      case "" ->
          switch (asked.verb()) {
            case "get" -> related(asked);
            case "list", "watch" -> pods(asked);
            case "create", "delete" -> ALLOWED;
            default -> Decision.NO_OPINION;
          };
      case "status" -> isUpdate(asked) ? ALLOWED : Decision.NO_OPINION;
      case "eviction" -> asked.verb().equals("create") ? ALLOWED : Decision.NO_OPINION;
      default -> Decision.NO_OPINION;
    };
  }

  private Decision pods(Asked asked) {
    if (asked.attributes.selectors().pins("spec.nodeName", asked.node)) {
      return ALLOWED;
    }
    return asked.resource.name().isEmpty()
        ? Decision.noOpinion("can only list/watch pods with spec.nodeName field selector")
        : related(asked);
  }
}
