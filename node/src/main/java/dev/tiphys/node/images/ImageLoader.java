package dev.tiphys.node.images;

import com.google.protobuf.ByteString;
import com.google.protobuf.FieldMask;
import dev.tiphys.cri.containerd.ContainerdServices;
import dev.tiphys.cri.containerd.ContentApi;
import dev.tiphys.cri.containerd.ImagesApi;
import dev.tiphys.cri.containerd.LeasesApi;
import dev.tiphys.cri.containerd.Types;
import dev.tiphys.grpc.GrpcCall;
import dev.tiphys.grpc.GrpcClient;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.node.runtime.Image;
import dev.tiphys.node.runtime.ImageStore;
import dev.tiphys.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Puts images that are in files, or built in, into containerd.
///
/// CRI can only fetch images from registries, so this speaks to containerd's content and image
/// stores: blobs first, under a lease that keeps them from being collected, then the names. Layers
/// are not unpacked; containerd does that when the first container needs them.
///
/// Threads: any.
public final class ImageLoader {

  private static final int PIECE = 1 << 20;
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration VISIBLE = Duration.ofSeconds(10);
  private static final Duration STEP = Duration.ofMillis(2);

  /// A lease that we could not give back ends by itself.
  private static final Duration LEASE = Duration.ofHours(1);

  private static final String EXPIRY = "containerd.io/gc.expire";
  private static final Map<String, String> PINNED = Map.of("io.cri-containerd.pinned", "pinned");

  private final World world;
  private final GrpcClient client;
  private final ImageStore images;

  /// @param client to containerd
  /// @param images to see when the images have arrived
  public ImageLoader(World world, GrpcClient client, ImageStore images) {
    this.world = world;
    this.client = client;
    this.images = images;
  }

  /// Loads every image of an archive. Names that exist already mean the new image from then on.
  ///
  /// @return their names
  /// @throws IOException if the archive cannot be read, or containerd does not take it
  public List<String> load(ImageArchive archive) throws IOException, InterruptedException {
    List<String> names = new ArrayList<>();
    for (LocalImage image : archive.images()) {
      load(image, Map.of());
      names.addAll(image.names());
    }
    return names;
  }

  /// Loads the image that sandboxes are made of, unless it is there. It stays when others are
  /// removed to make room.
  public void loadPause(Architecture architecture) throws IOException, InterruptedException {
    if (images.find(PauseImage.NAME) == null) {
      load(PauseImage.of(architecture), PINNED);
    }
  }

  private void load(LocalImage image, Map<String, String> labels)
      throws IOException, InterruptedException {
    try {
      String lease = lease();
      try {
        Map<String, String> metadata = metadata(lease);
        for (Blob blob : image.blobs()) {
          write(blob, metadata);
        }
        for (String name : image.names()) {
          name(name, image.top(), labels, metadata);
        }
      } finally {
        client.call(
            ContainerdServices.DELETE_LEASE,
            LeasesApi.DeleteRequest.newBuilder().setId(lease).build(),
            metadata(""),
            LIMIT);
      }
    } catch (GrpcException e) {
      throw new IOException(
          "containerd does not take %s: %s".formatted(image.names(), e.description()), e);
    }
    for (String name : image.names()) {
      awaitVisible(name, image.top());
    }
  }

  private String lease() throws InterruptedException {
    String id = "tiphys-" + new UUID(world.random().nextLong(), world.random().nextLong());
    return client
        .call(
            ContainerdServices.CREATE_LEASE,
            LeasesApi.CreateRequest.newBuilder()
                .setId(id)
                .putLabels(EXPIRY, world.now().plus(LEASE).toString())
                .build(),
            metadata(""),
            LIMIT)
        .getLease()
        .getId();
  }

  private void write(Blob blob, Map<String, String> metadata)
      throws IOException, InterruptedException {
    try (InputStream in = blob.source().open();
        GrpcCall<ContentApi.WriteContentRequest, ContentApi.WriteContentResponse> call =
            client.open(ContainerdServices.WRITE_CONTENT, metadata)) {
      long total = blob.source().size();
      long offset = 0;
      do {
        byte[] piece = in.readNBytes(PIECE);
        boolean last = offset + piece.length == total;
        call.send(
            ContentApi.WriteContentRequest.newBuilder()
                .setAction(last ? ContentApi.WriteAction.COMMIT : ContentApi.WriteAction.WRITE)
                .setRef("tiphys-" + blob.digest())
                .setTotal(total)
                .setExpected(blob.digest())
                .setOffset(offset)
                .setData(ByteString.copyFrom(piece))
                .putAllLabels(last ? blob.references() : Map.of())
                .build());
        call.receive();
        offset += piece.length;
      } while (offset < total);
    } catch (GrpcException e) {
      if (e.status() != GrpcStatus.ALREADY_EXISTS) {
        throw e;
      }
      refer(blob, metadata);
    }
  }

  /// The blob came with another image; it still has to hold on to what it refers to.
  private void refer(Blob blob, Map<String, String> metadata) throws InterruptedException {
    if (!blob.references().isEmpty()) {
      FieldMask.Builder mask = FieldMask.newBuilder();
      blob.references().keySet().forEach(label -> mask.addPaths("labels." + label));
      client.call(
          ContainerdServices.UPDATE_CONTENT,
          ContentApi.UpdateRequest.newBuilder()
              .setInfo(
                  ContentApi.Info.newBuilder()
                      .setDigest(blob.digest())
                      .putAllLabels(blob.references()))
              .setUpdateMask(mask)
              .build(),
          metadata,
          LIMIT);
    }
  }

  private void name(String name, Blob top, Map<String, String> labels, Map<String, String> metadata)
      throws InterruptedException {
    ImagesApi.Image image =
        ImagesApi.Image.newBuilder()
            .setName(name)
            .putAllLabels(labels)
            .setTarget(
                Types.Descriptor.newBuilder()
                    .setMediaType(top.mediaType())
                    .setDigest(top.digest())
                    .setSize(top.source().size()))
            .build();
    try {
      client.call(
          ContainerdServices.CREATE_IMAGE,
          ImagesApi.CreateImageRequest.newBuilder().setImage(image).build(),
          metadata,
          LIMIT);
    } catch (GrpcException e) {
      if (e.status() != GrpcStatus.ALREADY_EXISTS) {
        throw e;
      }
      client.call(
          ContainerdServices.UPDATE_IMAGE,
          ImagesApi.UpdateImageRequest.newBuilder()
              .setImage(image)
              .setUpdateMask(FieldMask.newBuilder().addPaths("target"))
              .build(),
          metadata,
          LIMIT);
    }
  }

  /// containerd tells its CRI part of new images a moment later.
  private void awaitVisible(String name, Blob top) throws IOException, InterruptedException {
    long start = world.nanoTime();
    while (!isVisible(name, top)) {
      if (world.nanoTime() - start > VISIBLE.toNanos()) {
        throw new IOException(name + " is not an image for this machine");
      }
      world.sleep(STEP);
    }
  }

  private boolean isVisible(String name, Blob top) throws InterruptedException {
    Image image = images.find(name);
    // An index has no configuration of its own: which of its images it is depends on the machine.
    String id = top.references().get(GcLabels.CONFIG);
    return image != null && (id == null || id.equals(image.id()));
  }

  private static Map<String, String> metadata(String lease) {
    Map<String, String> metadata = new HashMap<>();
    metadata.put(ContainerdServices.NAMESPACE, ContainerdServices.KUBERNETES);
    if (!lease.isEmpty()) {
      metadata.put(ContainerdServices.LEASE, lease);
    }
    return metadata;
  }
}
