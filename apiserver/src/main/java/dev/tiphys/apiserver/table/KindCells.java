package dev.tiphys.apiserver.table;

import dev.tiphys.object.HumanDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The cells that are made for one kind.
final class KindCells {

  private static final int SHOWN = 3;

  private KindCells() {}

  /// The cell of this name, or null.
  ///
  /// @param argument what stands in its brackets
  static @Nullable Cell named(String name, String argument) {
    return switch (name) {
      case "pod.ready" -> (pod, now) -> PodCells.ready(pod);
      case "pod.status" -> (pod, now) -> PodCells.status(pod);
      case "pod.restarts" -> PodCells::restarts;
      case "pod.readinessGates" -> (pod, now) -> PodCells.readinessGates(pod);
      case "node.status" -> (node, now) -> NodeCells.status(node);
      case "node.roles" -> (node, now) -> NodeCells.roles(node);
      case "node.address" -> (node, now) -> NodeCells.address(node, argument);
      case "service.externalIP" -> (service, now) -> ServiceCells.externalAddress(service);
      case "service.ports" -> (service, now) -> ServiceCells.ports(service);
      case "endpoints.addresses" -> (endpoints, now) -> ServiceCells.addresses(endpoints);
      case "endpointSlice.ports" -> (slice, now) -> ServiceCells.slicePorts(slice);
      case "endpointSlice.addresses" -> (slice, now) -> ServiceCells.sliceAddresses(slice);
      case "ingress.hosts" -> (ingress, now) -> ServiceCells.hosts(ingress);
      case "ingress.addresses" -> (ingress, now) -> ServiceCells.balancerAddresses(ingress);
      case "ingress.ports" ->
          (ingress, now) -> ingress.list("spec", "tls").isEmpty() ? "80" : "80, 443";
      case "event.lastSeen" -> EventCells::lastSeen;
      case "event.firstSeen" -> EventCells::firstSeen;
      case "event.object" -> (event, now) -> EventCells.object(event);
      case "event.source" -> (event, now) -> EventCells.source(event);
      case "event.message" -> (event, now) -> event.string("message").strip();
      case "event.count" -> (event, now) -> EventCells.count(event);
      case "volume.status" -> (volume, now) -> VolumeCells.status(volume);
      case "volume.claim" -> (volume, now) -> VolumeCells.claim(volume);
      case "volume.claimCapacity" -> (claim, now) -> VolumeCells.claimCapacity(claim);
      case "volume.accessModes" -> (volume, now) -> VolumeCells.modes(volume.struct("spec"));
      case "volume.claimAccessModes" -> (claim, now) -> VolumeCells.claimModes(claim);
      case "volume.storageClass" -> (volume, now) -> VolumeCells.storageClass(volume);
      case "storageClass.name" -> (type, now) -> VolumeCells.className(type);
      case "job.status" -> (job, now) -> JobCells.status(job);
      case "job.completions" -> (job, now) -> JobCells.completions(job);
      case "job.duration" -> JobCells::duration;
      case "autoscaler.reference" -> (scaler, now) -> AutoscalerCells.reference(scaler);
      case "autoscaler.targets" -> (scaler, now) -> AutoscalerCells.targets(scaler);
      case "quota.requests" -> (quota, now) -> quota(quota, false);
      case "quota.limits" -> (quota, now) -> quota(quota, true);
      case "owner.controller" -> (object, now) -> controller(object);
      case "certificate.condition" -> (request, now) -> certificateCondition(request);
      case "binding.role" ->
          (binding, now) ->
              binding.string("roleRef", "kind") + "/" + binding.string("roleRef", "name");
      case "binding.subjects" -> (binding, now) -> subjects(binding, argument);
      case "ingressClass.parameters" -> (type, now) -> parameters(type);
      case "ipAddress.parent" -> (address, now) -> parent(address);
      case "claim.state" -> (claim, now) -> claimState(claim);
      case "driver.audiences" -> (driver, now) -> audiences(driver);
      case "migration.resource" -> (migration, now) -> migratedResource(migration);
      case "podGroup.policy" -> (group, now) -> policyOfGroup(group);
      case "podGroup.status" -> (group, now) -> statusOfGroup(group);
      case "policy.paramKind" -> (policy, now) -> paramKind(policy);
      case "policy.paramRef" -> (binding, now) -> paramRef(binding);
      case "apiService.service" -> (service, now) -> apiService(service);
      case "apiService.available" -> (service, now) -> available(service);
      case "component.status" -> (component, now) -> componentStatus(component);
      case "component.message" -> (component, now) -> healthy(component).string("message");
      case "component.error" -> (component, now) -> healthy(component).string("error");
      default -> null;
    };
  }

  static @Nullable String conditionStatus(Struct object, String type) {
    Struct condition = Meta.condition(object, type);
    return condition == null ? null : condition.string("status");
  }

  /// The first few of many, and how many more there are.
  static String firstFew(List<String> all) {
    if (all.size() <= SHOWN) {
      return String.join(",", all);
    }
    return String.join(",", all.subList(0, SHOWN)) + " + " + (all.size() - SHOWN) + " more...";
  }

  private static String policyOfGroup(Struct group) {
    Struct policy = group.struct("spec", "schedulingPolicy");
    return policy.has("gang") ? "Gang" : policy.has("basic") ? "Basic" : "<none>";
  }

  private static String statusOfGroup(Struct group) {
    Struct scheduled = Meta.condition(group, "PodGroupScheduled");
    return scheduled == null ? "Pending" : scheduled.string("reason");
  }

  private static String quota(Struct quota, boolean limits) {
    Struct hard = quota.struct("status", "hard");
    List<String> parts = new ArrayList<>();
    for (String key : hard.names()) {
      if (key.startsWith("limits.") == limits) {
        String used = quota.struct("status", "used").string(key);
        parts.add(key + ": " + (used.isEmpty() ? "0" : used) + "/" + hard.string(key));
      }
    }
    return String.join(", ", parts);
  }

  private static String controller(Struct object) {
    Struct owner = Meta.of(object).controller();
    if (owner == null) {
      return "<none>";
    }
    String apiVersion = owner.string("apiVersion");
    int slash = apiVersion.indexOf('/');
    String group = slash < 0 ? "" : "." + apiVersion.substring(0, slash);
    return owner.string("kind").toLowerCase(Locale.ROOT) + group + "/" + owner.string("name");
  }

  private static String certificateCondition(Struct request) {
    Set<String> types = new TreeSet<>();
    request
        .structs("status", "conditions")
        .forEach(condition -> types.add(condition.string("type")));
    StringBuilder text =
        new StringBuilder(
            types.contains("Denied")
                ? "Denied"
                : types.contains("Approved") ? "Approved" : "Pending");
    text.append(types.contains("Failed") ? ",Failed" : "");
    text.append(request.string("status", "certificate").isEmpty() ? "" : ",Issued");
    return text.toString();
  }

  private static String subjects(Struct binding, String kind) {
    List<String> names = new ArrayList<>();
    for (Struct subject : binding.structs("subjects")) {
      if (subject.string("kind").equals(kind)) {
        String prefix = kind.equals("ServiceAccount") ? subject.string("namespace") + "/" : "";
        names.add(prefix + subject.string("name"));
      }
    }
    return String.join(", ", names);
  }

  private static String parameters(Struct type) {
    Struct parameters = type.struct("spec", "parameters");
    if (parameters.isEmpty()) {
      return "<none>";
    }
    String group = parameters.string("apiGroup");
    return parameters.string("kind")
        + (group.isEmpty() ? "" : "." + group)
        + "/"
        + parameters.string("name");
  }

  private static String parent(Struct address) {
    Struct parent = address.struct("spec", "parentRef");
    if (parent.isEmpty()) {
      return "<none>";
    }
    String group = parent.string("group");
    String namespace = parent.string("namespace");
    return (parent.string("resource")
            + (group.isEmpty() ? "" : "." + group)
            + (namespace.isEmpty() ? "" : "/" + namespace)
            + "/"
            + parent.string("name"))
        .toLowerCase(Locale.ROOT);
  }

  private static String claimState(Struct claim) {
    List<String> states = new ArrayList<>();
    boolean deleted = Meta.of(claim).isBeingDeleted();
    boolean allocated = claim.has("status", "allocation");
    if (deleted) {
      states.add("deleted");
    }
    if (allocated) {
      states.add("allocated");
    } else if (!deleted) {
      states.add("pending");
    }
    if (!claim.list("status", "reservedFor").isEmpty()) {
      states.add("reserved");
    }
    return String.join(",", states);
  }

  private static String audiences(Struct driver) {
    List<String> audiences = new ArrayList<>();
    driver
        .structs("spec", "tokenRequests")
        .forEach(request -> audiences.add(request.string("audience")));
    return audiences.isEmpty() ? "<unset>" : String.join(",", audiences);
  }

  private static String paramKind(Struct policy) {
    Struct kind = policy.struct("spec", "paramKind");
    return kind.isEmpty() ? "<unset>" : kind.string("apiVersion") + "/" + kind.string("kind");
  }

  private static String paramRef(Struct binding) {
    Struct reference = binding.struct("spec", "paramRef");
    if (reference.isEmpty()) {
      return "<unset>";
    }
    if (reference.has("name")) {
      String namespace = reference.string("namespace");
      return (namespace.isEmpty() ? "*" : namespace) + "/" + reference.string("name");
    }
    return reference.struct("selector").toString();
  }

  private static String migratedResource(Struct migration) {
    Struct resource = migration.struct("spec", "resource");
    String group = resource.string("group");
    return group.isEmpty()
        ? resource.string("resource")
        : resource.string("resource") + "." + group;
  }

  private static String apiService(Struct service) {
    Struct reference = service.struct("spec", "service");
    return reference.isEmpty()
        ? "Local"
        : reference.string("namespace") + "/" + reference.string("name");
  }

  private static String available(Struct service) {
    Struct condition = Meta.condition(service, "Available");
    if (condition == null) {
      return "Unknown";
    }
    String status = condition.string("status");
    String reason = condition.string("reason");
    return status.equals("True") || reason.isEmpty() ? status : status + " (" + reason + ")";
  }

  private static Struct healthy(Struct component) {
    for (Struct condition : component.structs("conditions")) {
      if (condition.string("type").equals("Healthy")) {
        return condition;
      }
    }
    return Struct.EMPTY;
  }

  private static String componentStatus(Struct component) {
    String status = healthy(component).string("status");
    return status.isEmpty() ? "Unknown" : status.equals("True") ? "Healthy" : "Unhealthy";
  }

  /// How long something took, or takes already.
  static @Nullable String span(@Nullable Object from, @Nullable Object to, Instant now) {
    Instant begin = Timestamps.of(from);
    Instant end = Timestamps.of(to);
    return begin == null
        ? null
        : HumanDuration.of(Duration.between(begin, end == null ? now : end));
  }
}
