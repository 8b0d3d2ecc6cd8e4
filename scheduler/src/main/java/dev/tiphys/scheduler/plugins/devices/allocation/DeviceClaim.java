package dev.tiphys.scheduler.plugins.devices.allocation;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a claim asks for.
///
/// @param object the ResourceClaim
/// @param requests the ways to satisfy each request, in the order in which they are tried
/// @param constraints what its devices must have in common, or must not
public record DeviceClaim(
    Struct object, List<List<DeviceRequest>> requests, List<Struct> constraints) {

  /// @param classes DeviceClasses, by name; null for one that there is not
  /// @throws AllocationException if it can't be allocated anywhere
  public static DeviceClaim of(
      Struct claim, Function<String, @Nullable Struct> classes, Selectors selectors) {
    String named = Meta.of(claim).namespace() + "/" + Meta.of(claim).name();
    List<List<DeviceRequest>> requests = new ArrayList<>();
    for (Struct request : claim.structs("spec", "devices", "requests")) {
      String name = request.string("name");
      List<DeviceRequest> ways = new ArrayList<>();
      if (request.has("exactly")) {
        ways.add(way(named, "", name, request.struct("exactly"), classes, selectors));
      }
      for (Struct alternative : request.structs("firstAvailable")) {
        String own = alternative.string("name");
        ways.add(way(named, name, own, alternative, classes, selectors));
      }
      requests.add(List.copyOf(ways));
    }
    List<Struct> constraints = claim.structs("spec", "devices", "constraints");
    for (int i = 0; i < constraints.size(); i++) {
      if (!constraints.get(i).has("matchAttribute")
          && !constraints.get(i).has("distinctAttribute")) {
        throw new AllocationException(
            "claim %s, constraint #%d: empty constraint (unsupported constraint type?)"
                .formatted(named, i));
      }
    }
    return new DeviceClaim(claim, List.copyOf(requests), List.copyOf(constraints));
  }

  private static DeviceRequest way(
      String claim,
      String parent,
      String name,
      Struct ask,
      Function<String, @Nullable Struct> classes,
      Selectors selectors) {
    String className = ask.string("deviceClassName");
    Struct deviceClass = classes.apply(className);
    if (deviceClass == null) {
      throw new AllocationException(
          ("claim %s, request %s: could not retrieve device class %s:"
                  + " deviceclass.resource.k8s.io \"%s\" not found")
              .formatted(claim, name, className, className));
    }
    return DeviceRequest.of(claim, parent, name, ask, deviceClass, selectors);
  }
}
