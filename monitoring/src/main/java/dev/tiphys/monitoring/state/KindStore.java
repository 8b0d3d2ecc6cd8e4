package dev.tiphys.monitoring.state;

import dev.tiphys.client.Api;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.Reflector;
import dev.tiphys.monitoring.state.families.Family;
import dev.tiphys.monitoring.state.families.KindFamilies;
import dev.tiphys.monitoring.state.families.ObjectSamples;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What the objects of one kind add to its families, rendered anew when they change. The objects
/// are not kept.
///
/// Threads: any.
final class KindStore implements AutoCloseable {

  /// How many objects are listed at once.
  private static final int PAGE = 500;

  private final KindFamilies kind;
  private final List<byte[]> heads = new ArrayList<>();
  private final List<byte[]> names = new ArrayList<>();
  private final Map<ObjectKey, ObjectSamples> rendered = new ConcurrentHashMap<>();
  private final Reflector reflector;
  private final Gate complete;

  KindStore(World world, Api api, KindFamilies kind) {
    this.kind = kind;
    this.complete = world.gate();
    for (Family family : kind.families()) {
      heads.add(bytes(family.head()));
      names.add(bytes(family.name() + "{"));
    }
    this.reflector =
        new Reflector(
            world, api, kind.resource(), "", ListOptions.ALL.inPagesOf(PAGE), new Rendering());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  void start() {
    reflector.start("state-" + kind.resource().plural());
  }

  /// Waits until all objects are in it.
  ///
  /// @return false if they are not by then
  boolean await(Duration limit) throws InterruptedException {
    boolean opened = complete.await(limit);
    if (opened) {
      complete.open(); // for those that wait next
    }
    return opened;
  }

  /// Writes the families that have samples.
  void write(ObjectSamples.Sink<IOException> out) throws IOException {
    ObjectSamples[] all = rendered.values().toArray(new ObjectSamples[0]);
    for (int family = 0; family < names.size(); family++) {
      byte[] name = names.get(family);
      boolean begun = false;
      for (ObjectSamples each : all) {
        if (!begun && each.has(family)) {
          byte[] head = heads.get(family);
          out.add(head, 0, head.length);
          begun = true;
        }
        each.write(family, name, out);
      }
    }
  }

  private final class Rendering implements Reflector.Sink {
    private final Set<ObjectKey> unseen = new HashSet<>();

    @Override
    public void listing() {
      unseen.clear();
      unseen.addAll(rendered.keySet());
    }

    @Override
    public void exists(Struct object) {
      ObjectKey key = ObjectKey.of(object);
      unseen.remove(key);
      rendered.put(key, kind.render(object));
    }

    @Override
    public void gone(Struct last) {
      rendered.remove(ObjectKey.of(last));
    }

    @Override
    public void listed() {
      unseen.forEach(rendered::remove);
      unseen.clear();
      complete.open();
    }
  }

  @Override
  public void close() {
    reflector.close();
  }
}
