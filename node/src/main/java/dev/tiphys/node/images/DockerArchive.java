package dev.tiphys.node.images;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The form that `docker save` wrote first: `manifest.json` names for each image the file with its
/// configuration, those with its layers, and its tags. There is no manifest as registries have it,
/// so one is made.
final class DockerArchive {

  private final ImageArchive archive;

  DockerArchive(ImageArchive archive) {
    this.archive = archive;
  }

  List<LocalImage> images() throws IOException {
    List<LocalImage> images = new ArrayList<>();
    for (Json description : archive.document("manifest.json").items()) {
      images.add(image(description));
    }
    return images;
  }

  private LocalImage image(Json description) throws IOException {
    List<String> names = new ArrayList<>();
    for (Json tag : description.field("RepoTags").items()) {
      names.add(ImageReference.parse(tag.text()).withDefaultTag().toString());
    }
    if (names.isEmpty()) {
      throw new IOException("an image in it has no name: save it by its name, not by its id");
    }
    List<Blob> blobs = new ArrayList<>();
    for (Json layer : description.field("Layers").items()) {
      BlobSource source = archive.source(layer.text());
      blobs.add(
          Blob.leaf(Digest.of(source), MediaTypes.DOCKER_LAYER + compression(source), source));
    }
    BlobSource config = archive.source(description.field("Config").text());
    blobs.add(Blob.leaf(Digest.of(config), MediaTypes.DOCKER_CONFIG, config));
    blobs.add(manifest(blobs));
    return new LocalImage(names, blobs);
  }

  /// @param parts the layers, and the configuration at the end
  private static Blob manifest(List<Blob> parts) {
    Blob config = parts.getLast();
    Map<String, String> references = new LinkedHashMap<>();
    references.put(GcLabels.CONFIG, config.digest());
    List<String> layers = new ArrayList<>();
    for (Blob layer : parts.subList(0, parts.size() - 1)) {
      references.put(GcLabels.layer(layers.size()), layer.digest());
      layers.add(descriptor(layer));
    }
    byte[] text =
        """
        {"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]}"""
            .formatted(MediaTypes.DOCKER_MANIFEST, descriptor(config), String.join(",", layers))
            .getBytes(StandardCharsets.UTF_8);
    return new Blob(Digest.of(text), MediaTypes.DOCKER_MANIFEST, BlobSource.of(text), references);
  }

  private static String descriptor(Blob blob) {
    return """
        {"mediaType":"%s","size":%d,"digest":"%s"}"""
        .formatted(blob.mediaType(), blob.source().size(), blob.digest());
  }

  private static String compression(BlobSource layer) throws IOException {
    try (InputStream in = layer.open()) {
      byte[] start = in.readNBytes(4);
      if (startsWith(start, 0x1f, 0x8b)) {
        return ".gzip";
      }
      return startsWith(start, 0x28, 0xb5, 0x2f, 0xfd) ? ".zstd" : "";
    }
  }

  private static boolean startsWith(byte[] bytes, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
