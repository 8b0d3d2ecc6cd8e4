package dev.tiphys.node.volumes;

import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.object.Struct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Volumes whose files come from objects of the API: ConfigMaps, Secrets, the Pod itself, and what
/// is projected of them.
final class PayloadPlugin implements VolumePlugin {

  /// What such volumes are.
  enum Kind {
    CONFIG_MAP("configMap", "kubernetes.io~configmap", false),
    SECRET("secret", "kubernetes.io~secret", true),
    DOWNWARD_API("downwardAPI", "kubernetes.io~downward-api", false),
    PROJECTED("projected", "kubernetes.io~projected", true);

    private final String field;
    private final String directory;
    private final boolean secret;

    Kind(String field, String directory, boolean secret) {
      this.field = field;
      this.directory = directory;
      this.secret = secret;
    }
  }

  private final Kind kind;
  private final PodDirectories directories;
  private final Payloads payloads;
  private final AtomicWriter writer;

  PayloadPlugin(Kind kind, PodDirectories directories, Payloads payloads, AtomicWriter writer) {
    this.kind = kind;
    this.directories = directories;
    this.payloads = payloads;
    this.writer = writer;
  }

  @Override
  public boolean handles(Struct source) {
    return source.has(kind.field);
  }

  @Override
  public String name(Struct source) {
    return kind.directory.replace('~', '/');
  }

  @Override
  public Path prepare(VolumeRequest request) throws VolumeFailure, IOException {
    Struct source = request.source().struct(kind.field);
    Payload payload =
        switch (kind) {
          case CONFIG_MAP -> payloads.configMap(source, request.pod());
          case SECRET -> payloads.secret(source, request.pod());
          case DOWNWARD_API -> payloads.downward(source, request.fields());
          case PROJECTED -> payloads.projected(source, request.fields());
        };
    String uid = request.pod().uid();
    Path directory =
        kind.secret
            ? directories.volumeInMemory(uid, kind.directory, request.name())
            : directories.volume(uid, kind.directory, request.name());
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
      FileTree.mode(directory, 0755);
      FileTree.shareDirectory(directory, request.group());
    }
    writer.write(directory, payload, request.group());
    return directory;
  }

  /// What must never reach a disk lies outside the Pod's directory.
  @Override
  public void release(String uid) throws IOException {
    if (kind.secret) {
      PodDirectories.removeTree(directories.memory().resolve(uid).resolve(kind.directory));
    }
  }
}
