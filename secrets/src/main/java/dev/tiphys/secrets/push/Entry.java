package dev.tiphys.secrets.push;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.RemoteReference;
import java.util.Map;

/// One thing to push.
///
/// @param data as the status tells it, in the form of an entry of `spec.data`
/// @param values of the Secret, by the keys that the entry means
record Entry(Struct data, Map<String, byte[]> values) {

  /// Which value; empty for all of them.
  String key() {
    return data.struct("match").string("secretKey");
  }

  RemoteReference place() {
    return place(data);
  }

  static RemoteReference place(Struct data) {
    Struct remote = data.struct("match", "remoteRef");
    return new RemoteReference(remote.string("remoteKey"), remote.string("property"));
  }

  /// What its place is called in the status.
  String placeName() {
    RemoteReference place = place();
    return place.property().isEmpty() ? place.key() : place.key() + "/" + place.property();
  }
}
