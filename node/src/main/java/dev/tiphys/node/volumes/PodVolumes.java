package dev.tiphys.node.volumes;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.node.host.Interrupts;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.node.spec.DownwardFields;
import dev.tiphys.node.spec.References;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Makes, refreshes and removes the volumes of Pods.
///
/// What secrets and projections hold is kept in memory, all in one file system: none of it reaches
/// a disk, and a Pod costs no mount.
///
/// Threads: any, one for each Pod.
public final class PodVolumes {
  private static final String EMPTY_DIR = "kubernetes.io~empty-dir";
  private static final String CONFIG_MAP = "kubernetes.io~configmap";
  private static final String DOWNWARD = "kubernetes.io~downward-api";
  private static final String SECRET = "kubernetes.io~secret";
  private static final String PROJECTED = "kubernetes.io~projected";

  private final Api api;
  private final PodDirectories directories;
  private final Mounts mounts;
  private final ServiceAccountTokens tokens;
  private final Payloads payloads;
  private final AtomicWriter writer;

  public PodVolumes(
      World world, Api api, References references, PodDirectories directories, Mounts mounts) {
    this.api = api;
    this.directories = directories;
    this.mounts = mounts;
    this.tokens = new ServiceAccountTokens(world, api);
    this.payloads = new Payloads(references, tokens);
    this.writer = new AtomicWriter(world);
  }

  /// Makes what all volumes need. Comes before everything else.
  public void start() throws IOException, InterruptedException {
    Files.createDirectories(directories.memory());
    boolean _ = mounts.mountMemory(directories.memory(), 0);
  }

  /// Makes the volumes of a Pod, or refreshes what has changed since.
  ///
  /// @return where they are, by name
  /// @throws VolumeFailure if one of them can't be used
  public Map<String, Path> prepare(DownwardFields fields)
      throws VolumeFailure, InterruptedException {
    Map<String, Path> prepared = new HashMap<>();
    for (Struct volume : fields.pod().spec().structs("volumes")) {
      String name = volume.string("name");
      try {
        prepared.put(name, prepare(volume, name, fields));
      } catch (VolumeFailure e) {
        throw e.of(name);
      } catch (IOException e) {
        Interrupts.check();
        throw new VolumeFailure(String.valueOf(e.getMessage())).of(name);
      }
    }
    return prepared;
  }

  private Path prepare(Struct volume, String name, DownwardFields fields)
      throws VolumeFailure, IOException, InterruptedException {
    Pod pod = fields.pod();
    if (volume.has("hostPath")) {
      Struct source = volume.struct("hostPath");
      return HostPaths.of(source.string("path"), source.string("type"));
    }
    if (volume.has("configMap")) {
      Payload payload = payloads.configMap(volume.struct("configMap"), pod);
      return write(directories.volume(pod.uid(), CONFIG_MAP, name), payload, pod);
    }
    if (volume.has("secret")) {
      Payload payload = payloads.secret(volume.struct("secret"), pod);
      return write(directories.volumeInMemory(pod.uid(), SECRET, name), payload, pod);
    }
    if (volume.has("downwardAPI")) {
      Payload payload = payloads.downward(volume.struct("downwardAPI"), fields);
      return write(directories.volume(pod.uid(), DOWNWARD, name), payload, pod);
    }
    if (volume.has("projected")) {
      Payload payload = payloads.projected(volume.struct("projected"), fields);
      return write(directories.volumeInMemory(pod.uid(), PROJECTED, name), payload, pod);
    }
    if (volume.has("persistentVolumeClaim")) {
      return claimed(pod, volume.string("persistentVolumeClaim", "claimName"));
    }
    if (volume.has("ephemeral")) {
      return claimed(pod, pod.name() + "-" + name);
    }
    if (volume.has("emptyDir") || volume.size() == 1) {
      return emptyDir(volume.struct("emptyDir"), name, pod);
    }
    throw new VolumeFailure("no volume plugin matched");
  }

  private Path write(Path directory, Payload payload, Pod pod) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
      FileTree.mode(directory, 0755);
      FileTree.shareDirectory(directory, Payloads.group(pod));
    }
    writer.write(directory, payload, Payloads.group(pod));
    return directory;
  }

  private Path emptyDir(Struct source, String name, Pod pod)
      throws IOException, InterruptedException {
    Path directory = directories.volume(pod.uid(), EMPTY_DIR, name);
    boolean fresh = !Files.isDirectory(directory);
    if (fresh) {
      Files.createDirectories(directory);
    }
    if (source.string("medium").equals("Memory")) {
      // After the machine has started anew the directory is there, but nothing is mounted on it.
      fresh |= mounts.mountMemory(directory, Quantity.from(source.get("sizeLimit")).units());
    }
    if (fresh) {
      FileTree.mode(directory, 0777);
      FileTree.shareDirectory(directory, Payloads.group(pod));
    }
    return directory;
  }

  /// The directory of this node that a claim is bound to.
  private Path claimed(Pod pod, String claim) throws VolumeFailure, IOException {
    try {
      Struct claimed = api.get(ApiResource.PERSISTENT_VOLUME_CLAIMS, pod.namespace(), claim);
      String volume = claimed.string("spec", "volumeName");
      if (volume.isEmpty()) {
        throw new VolumeFailure("PVC is not bound");
      }
      Struct spec = api.get(ApiResource.PERSISTENT_VOLUMES, "", volume).struct("spec");
      if (spec.has("hostPath")) {
        return HostPaths.of(spec.string("hostPath", "path"), spec.string("hostPath", "type"));
      }
      if (spec.has("local")) {
        Path path = Path.of(spec.string("local", "path"));
        if (!Files.exists(path)) {
          throw new VolumeFailure("path \"" + path + "\" does not exist");
        }
        return path;
      }
      throw new VolumeFailure("no volume plugin matched");
    } catch (ApiException e) {
      throw new VolumeFailure(e.message());
    }
  }

  /// Removes the volumes of a Pod, with all that was written into those that are its own.
  public void remove(String uid) throws IOException, InterruptedException {
    tokens.forget(uid);
    Path own = directories.pod(uid).resolve("volumes");
    for (Path plugin : entries(own)) {
      for (Path volume : entries(plugin)) {
        mounts.unmount(volume);
      }
    }
    PodDirectories.removeTree(own);
    PodDirectories.removeTree(directories.memory().resolve(uid));
  }

  private static List<Path> entries(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }
}
