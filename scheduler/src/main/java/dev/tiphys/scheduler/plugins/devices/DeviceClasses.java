package dev.tiphys.scheduler.plugins.devices;

import dev.tiphys.client.Informer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.scheduler.events.Resource;
import dev.tiphys.scheduler.framework.Handle;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The classes of devices, and the extended resources that stand for them.
///
/// Threads: the scheduling task.
public final class DeviceClasses {

  private static final String IMPLICIT = "deviceclass.resource.kubernetes.io/";

  /// Of several classes for one resource the newest counts, and of those the first by name.
  private static final Comparator<Struct> PRECEDENCE =
      Comparator.comparing(DeviceClasses::created, Comparator.reverseOrder())
          .thenComparing(one -> Meta.of(one).name());

  private final Map<String, Struct> byName = new HashMap<>();
  private final Map<String, Set<String>> byResource = new HashMap<>();

  DeviceClasses(Handle handle) {
    handle
        .informer(Resource.DEVICE_CLASS)
        .listen(
            new Informer.Listener() {
              @Override
              public void added(Struct deviceClass) {
                handle.post(() -> seen(handle, deviceClass));
              }

              @Override
              public void updated(Struct before, Struct now) {
                added(now);
              }

              @Override
              public void deleted(Struct last) {
                handle.post(() -> gone(handle, last));
              }
            });
  }

  private static Instant created(Struct deviceClass) {
    Instant created = Meta.of(deviceClass).created();
    return created == null ? Instant.EPOCH : created;
  }

  private static String resource(Struct deviceClass) {
    return deviceClass.string("spec", "extendedResourceName");
  }

  private void seen(Handle handle, Struct deviceClass) {
    String name = Meta.of(deviceClass).name();
    Struct before = byName.put(name, deviceClass);
    if (before != null && resource(before).equals(resource(deviceClass))) {
      return;
    }
    if (before != null) {
      byResource.getOrDefault(resource(before), Set.of()).remove(name);
    }
    byResource.computeIfAbsent(resource(deviceClass), _ -> new HashSet<>()).add(name);
    handle.cluster().refresh();
  }

  private void gone(Handle handle, Struct deviceClass) {
    String name = Meta.of(deviceClass).name();
    byName.remove(name);
    byResource.getOrDefault(resource(deviceClass), Set.of()).remove(name);
    handle.cluster().refresh();
  }

  @Nullable Struct find(String name) {
    return byName.get(name);
  }

  /// The class that an extended resource stands for; null if it stands for none.
  @Nullable Struct ofResource(String resource) {
    if (resource.indexOf('/') < 0) {
      return null;
    }
    if (resource.startsWith(IMPLICIT)) {
      return byName.get(resource.substring(IMPLICIT.length()));
    }
    return byResource.getOrDefault(resource, Set.of()).stream()
        .map(byName::get)
        .filter(Objects::nonNull)
        .min(PRECEDENCE)
        .orElse(null);
  }

  /// Whether an extended resource stands for devices that are allocated.
  public boolean have(String resource) {
    return ofResource(resource) != null;
  }
}
