package dev.tiphys.csi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.grpc.GrpcClient;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcServer;
import dev.tiphys.grpc.GrpcService;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A driver of a few methods, called over its socket.
class CsiOverSocketTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final World world = new RealWorld();
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final CountDownLatch givenUp = new CountDownLatch(1);
  @TempDir private Path directory;
  private Path socket;
  private GrpcServer server;
  private GrpcClient client;

  @BeforeEach
  void start() throws Exception {
    socket = directory.resolve("csi.sock");
    Files.createFile(socket); // left behind by another process
    GrpcService service =
        new GrpcService()
            .on(
                IdentityService.GET_PLUGIN_INFO,
                Csi.GetPluginInfoRequest.parser(),
                _ -> Csi.GetPluginInfoResponse.newBuilder().setName("test.driver").build())
            .on(
                ControllerService.DELETE_VOLUME,
                Csi.DeleteVolumeRequest.parser(),
                request -> {
                  throw new GrpcException(
                      GrpcStatus.FAILED_PRECONDITION, "“" + request.getVolumeId() + "” 100% used");
                })
            .on(
                NodeService.NODE_STAGE_VOLUME,
                Csi.NodeStageVolumeRequest.parser(),
                _ -> {
                  try {
                    world.gate().await(); // nothing opens it
                  } catch (InterruptedException e) {
                    givenUp.countDown();
                    throw e;
                  }
                  return Csi.NodeStageVolumeResponse.getDefaultInstance();
                })
            .on(
                NodeService.NODE_GET_INFO,
                Csi.NodeGetInfoRequest.parser(),
                _ -> {
                  throw new IllegalStateException("a fault");
                });
    server = new GrpcServer(world, loops, socket, List.of(service));
    client = new GrpcClient(world, loops, socket);
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
    loops.shutdownGracefully();
    assertThat(socket).doesNotExist();
  }

  @Test
  void anAnswerArrives() throws Exception {
    assertThat(
            client
                .call(
                    IdentityService.GET_PLUGIN_INFO,
                    Csi.GetPluginInfoRequest.getDefaultInstance(),
                    Map.of(),
                    PATIENCE)
                .getName())
        .isEqualTo("test.driver");
  }

  @Test
  void aRefusalArrivesInItsWords() {
    assertThatThrownBy(
            () ->
                client.call(
                    ControllerService.DELETE_VOLUME,
                    Csi.DeleteVolumeRequest.newBuilder().setVolumeId("ä").build(),
                    Map.of(),
                    PATIENCE))
        .hasMessage("rpc error: code = FailedPrecondition desc = “ä” 100% used");
  }

  @Test
  void whatIsNotThereIsUnimplementedAndAFaultIsInternal() {
    assertThatThrownBy(
            () ->
                client.call(
                    ControllerService.LIST_VOLUMES,
                    Csi.ListVolumesRequest.getDefaultInstance(),
                    Map.of(),
                    PATIENCE))
        .hasMessage(
            "rpc error: code = Unimplemented desc = unknown method /csi.v1.Controller/ListVolumes");
    assertThatThrownBy(
            () ->
                client.call(
                    NodeService.NODE_GET_INFO,
                    Csi.NodeGetInfoRequest.getDefaultInstance(),
                    Map.of(),
                    PATIENCE))
        .hasMessageContaining("code = Internal");
  }

  @Test
  void aCallThatIsGivenUpInterruptsItsHandler() throws Exception {
    assertThatThrownBy(
            () ->
                client.call(
                    NodeService.NODE_STAGE_VOLUME,
                    Csi.NodeStageVolumeRequest.getDefaultInstance(),
                    Map.of(),
                    Duration.ofMillis(200)))
        .hasMessageContaining("DeadlineExceeded");
    givenUp.await();
  }
}
