package dev.tiphys.node.runtime;

import dev.tiphys.node.images.ImageReference;
import dev.tiphys.node.images.InvalidReferenceException;
import dev.tiphys.node.runtime.RuntimeFailure.Reason;
import dev.tiphys.world.World;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Images that exist by name only, and registries that have some more.
///
/// Threads: any.
public final class FakeImages implements ImageStore {

  private final World world;
  private final List<Image> here = new ArrayList<>();
  private final List<String> remote = new ArrayList<>();
  private final Map<Path, String> mounted = new HashMap<>();
  private boolean cutOff;

  FakeImages(World world) {
    this.world = world;
  }

  /// Puts an image on the node.
  public synchronized Image add(String name) {
    String full = ImageReference.parse(name).withDefaultTag().toString();
    Image image = new Image(id(full), List.of(full), List.of(), 1 << 20, null, "", false);
    here.removeIf(other -> other.id().equals(image.id()));
    here.add(image);
    return image;
  }

  /// Puts an image into the registries, for [#pull].
  public synchronized void addToRegistry(String name) {
    remote.add(ImageReference.parse(name).withDefaultTag().toString());
  }

  /// From now on no registry can be reached, or each again.
  public synchronized void cutOff(boolean now) {
    cutOff = now;
  }

  @Override
  public synchronized String pull(String reference, @Nullable RegistryAuth auth) {
    String full = ImageReference.parse(reference).withDefaultTag().toString();
    if (cutOff) {
      throw new RuntimeFailure(
          Reason.FAILED,
          "Unknown",
          "failed to pull image \"%s\": failed to resolve reference \"%s\": failed to do request: no such host"
              .formatted(full, full),
          null);
    }
    if (!remote.contains(full)) {
      throw new RuntimeFailure(
          Reason.NOT_FOUND, "NotFound", "failed to pull image \"" + full + "\": not found", null);
    }
    return add(full).id();
  }

  @Override
  public synchronized List<Image> list() {
    return List.copyOf(here);
  }

  @Override
  public synchronized @Nullable Image find(String image) {
    String name = name(image);
    return here.stream()
        .filter(known -> known.id().equals(image) || known.tags().contains(name))
        .findFirst()
        .orElse(null);
  }

  @Override
  public synchronized void remove(String image) {
    Image found = find(image);
    if (found != null) {
      here.remove(found);
    }
  }

  @Override
  public synchronized void mount(String image, Path directory) {
    if (find(image) == null) {
      throw new RuntimeFailure(Reason.NOT_FOUND, "NotFound", image + " is not here", null);
    }
    mounted.put(directory, image);
  }

  @Override
  public synchronized void unmount(Path directory) {
    mounted.remove(directory);
  }

  /// The images that are mounted, by the directory.
  public synchronized Map<Path, String> mounted() {
    return Map.copyOf(mounted);
  }

  @Override
  public List<FilesystemUsage> filesystems() {
    return List.of(new FilesystemUsage(world.now(), "/", (long) list().size() << 20, 100));
  }

  private static String name(String image) {
    try {
      return ImageReference.parse(image).withDefaultTag().toString();
    } catch (InvalidReferenceException _) {
      return image;
    }
  }

  private static String id(String name) {
    String hash = HexFormat.of().toHexDigits(name.hashCode());
    return "sha256:" + hash.repeat(8);
  }
}
