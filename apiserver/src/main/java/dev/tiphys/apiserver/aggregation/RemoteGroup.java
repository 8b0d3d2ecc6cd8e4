package dev.tiphys.apiserver.aggregation;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.GroupVersion;

/// A version of a group that another server serves.
///
/// @param spec of its APIService
/// @param available whether requests can be passed on
/// @param resources the `APIResourceList` that the server answered last; empty if it never did
/// @param description how the server describes it
public record RemoteGroup(
    Struct spec, boolean available, Struct resources, RemoteDescription description) {

  /// One that nothing is known of but its APIService.
  public static RemoteGroup of(Struct spec) {
    return new RemoteGroup(spec, false, Struct.EMPTY, RemoteDescription.NONE);
  }

  /// The group and the version.
  public GroupVersion groupVersion() {
    return new GroupVersion(spec.string("group"), spec.string("version"));
  }

  /// The name of its APIService.
  String name() {
    return spec.string("version") + "." + spec.string("group");
  }

  /// The same under an APIService that has become another.
  RemoteGroup with(Struct next) {
    return new RemoteGroup(next, available, resources, description);
  }

  /// The same after a look at its server.
  RemoteGroup with(Availability found, RemoteDescription described) {
    return new RemoteGroup(
        spec, found.available(), found.available() ? found.resources() : resources, described);
  }

  String namespace() {
    return spec.string("service", "namespace");
  }

  String service() {
    return spec.string("service", "name");
  }

  long port() {
    long port = spec.integer("service", "port");
    return port == 0 ? 443 : port;
  }

  /// What comes first among groups: higher numbers do.
  long groupPriority() {
    return spec.integer("groupPriorityMinimum");
  }

  /// What comes first among the versions of a group: higher numbers do.
  long versionPriority() {
    return spec.integer("versionPriority");
  }
}
