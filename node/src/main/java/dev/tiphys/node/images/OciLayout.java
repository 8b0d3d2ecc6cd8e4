package dev.tiphys.node.images;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// An OCI image layout: `index.json` names the images, and everything else is in `blobs` by its
/// digest. Newer versions of `docker save` write it, and all other tools.
final class OciLayout {

  private static final String FULL_NAME = "io.containerd.image.name";
  private static final String NAME = "org.opencontainers.image.ref.name";

  private final ImageArchive archive;

  OciLayout(ImageArchive archive) {
    this.archive = archive;
  }

  List<LocalImage> images() throws IOException {
    Map<String, Set<String>> names = new LinkedHashMap<>();
    Map<String, Json> tops = new LinkedHashMap<>();
    for (Json top : archive.document("index.json").field("manifests").items()) {
      String digest = top.field("digest").text();
      tops.put(digest, top);
      names.computeIfAbsent(digest, _ -> new LinkedHashSet<>()).add(name(top));
    }
    List<LocalImage> images = new ArrayList<>();
    for (Map.Entry<String, Json> top : tops.entrySet()) {
      Map<String, Blob> blobs = new LinkedHashMap<>();
      collect(top.getValue(), blobs);
      images.add(
          new LocalImage(
              List.copyOf(names.getOrDefault(top.getKey(), Set.of())),
              List.copyOf(blobs.values())));
    }
    return images;
  }

  private static String name(Json top) throws IOException {
    for (String annotation : List.of(FULL_NAME, NAME)) {
      String text = top.field("annotations").field(annotation).text();
      // A tag alone, which the layout allows, is no name.
      if (text.contains("/") || text.contains(":")) {
        return ImageReference.parse(text).withDefaultTag().toString();
      }
    }
    throw new IOException(
        "image %s in it has no name: annotate it with %s"
            .formatted(top.field("digest").text(), FULL_NAME));
  }

  /// Adds what a descriptor leads to, and then that itself. An index may be of more platforms than
  /// the archive has; what is missing of those is left out.
  private void collect(Json descriptor, Map<String, Blob> blobs) throws IOException {
    String digest = descriptor.field("digest").text();
    String type = descriptor.field("mediaType").text();
    if (blobs.containsKey(digest)) {
      return;
    }
    BlobSource source = archive.source(file(digest));
    Map<String, String> references = new LinkedHashMap<>();
    if (MediaTypes.isIndex(type)) {
      int index = 0;
      for (Json child : Json.parse(source.bytes()).field("manifests").items()) {
        references.put(GcLabels.manifest(index++), child.field("digest").text());
        if (archive.has(file(child.field("digest").text()))) {
          collect(child, blobs);
        }
      }
    } else if (MediaTypes.isManifest(type)) {
      Json manifest = Json.parse(source.bytes());
      references.put(GcLabels.CONFIG, manifest.field("config").field("digest").text());
      collect(manifest.field("config"), blobs);
      int index = 0;
      for (Json layer : manifest.field("layers").items()) {
        references.put(GcLabels.layer(index++), layer.field("digest").text());
        collect(layer, blobs);
      }
    }
    blobs.put(digest, new Blob(digest, type, source, references));
  }

  private static String file(String digest) {
    return "blobs/" + digest.replace(':', '/');
  }
}
