package dev.tiphys.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.StringValue;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http2.Http2Error;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrpcClientTest {

  private static final EventLoopGroup LOOPS =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final GrpcMethod<StringValue, StringValue> VERSION =
      new GrpcMethod<>("runtime.v1.RuntimeService", "Version", StringValue.parser());

  private static final StringValue ANSWER = StringValue.newBuilder().setValue("containerd").build();

  private final World world = new RealWorld();
  @TempDir Path directory;
  private volatile Consumer<TestServer.Call> script = call -> answer(call, ANSWER.toByteArray());
  private TestServer server;
  private GrpcClient client;

  @BeforeEach
  void start() throws Exception {
    Path socket = directory.resolve("test.sock");
    server = new TestServer(LOOPS, socket, call -> script.accept(call));
    client = new GrpcClient(world, LOOPS, socket);
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.close();
  }

  @AfterAll
  static void stopLoops() {
    LOOPS.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }

  @Test
  void aQuestionIsAnswered() throws Exception {
    assertThat(version().getValue()).isEqualTo("containerd");
  }

  @Test
  void theServerIsToldMethodMetadataAndLimit() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    script =
        call -> {
          assertThat(call.path()).isEqualTo("/runtime.v1.RuntimeService/Version");
          assertThat(call.request.headers().get("te")).hasToString("trailers");
          assertThat(call.request.headers().get("containerd-namespace")).hasToString("k8s.io");
          assertThat(call.request.headers().get("grpc-timeout").toString()).matches("[0-9]{1,8}m");
          seen.countDown();
          answer(call, ANSWER.toByteArray());
        };

    client.call(
        VERSION,
        StringValue.getDefaultInstance(),
        Map.of("containerd-namespace", "k8s.io"),
        PATIENCE);

    assertThat(seen.getCount()).isZero();
  }

  @Test
  void aRefusalCarriesStatusAndDescription() {
    script = call -> call.refuse(5, "sandbox %22x%22 isn't there: 100%25 %C3%BC");

    GrpcException refused = catchThrowableOfType(GrpcException.class, this::version);

    assertThat(refused.status()).isEqualTo(GrpcStatus.NOT_FOUND);
    assertThat(refused.description()).isEqualTo("sandbox \"x\" isn't there: 100% ü");
    assertThat(refused)
        .hasMessage("rpc error: code = NotFound desc = sandbox \"x\" isn't there: 100% ü");
  }

  @Test
  void aFailureAfterTheAnswerIsAFailure() {
    script =
        call -> {
          call.begin();
          call.message(ANSWER.toByteArray());
          call.end(13, "broken");
        };

    assertThatThrownBy(this::version).hasMessageContaining("code = Internal desc = broken");
  }

  @Test
  void aMessageMayComeInManyPieces() throws Exception {
    script =
        call -> {
          call.begin();
          byte[] body = ANSWER.toByteArray();
          ByteBuf framed = io.netty.buffer.Unpooled.buffer();
          framed.writeByte(0).writeInt(body.length).writeBytes(body);
          while (framed.isReadable()) {
            call.bytes(framed.readBytes(1));
          }
          call.end(0, "");
        };

    assertThat(version()).isEqualTo(ANSWER);
  }

  @Test
  void largeMessagesGoBothWays() throws Exception {
    ByteString large = ByteString.copyFrom(new byte[10 << 20]);
    script =
        call -> {
          byte[] body = new byte[call.body.readableBytes() - 5];
          call.body.skipBytes(5).readBytes(body);
          answer(call, body);
        };

    BytesValue echoed =
        client.call(
            new GrpcMethod<BytesValue, BytesValue>("test", "Echo", BytesValue.parser()),
            BytesValue.newBuilder().setValue(large).build(),
            Map.of(),
            PATIENCE);

    assertThat(echoed.getValue()).isEqualTo(large);
  }

  @Test
  void aStreamIsReadToItsEnd() throws Exception {
    script =
        call -> {
          call.begin();
          for (int i = 0; i < 100; i++) {
            call.message(name("n" + i).toByteArray());
          }
          call.end(0, "");
        };

    try (GrpcCall<StringValue, StringValue> call = client.open(VERSION, Map.of())) {
      call.send(StringValue.getDefaultInstance());
      call.finish();
      for (int i = 0; i < 100; i++) {
        assertThat(call.receive()).isEqualTo(name("n" + i));
      }
      assertThat(call.receive()).isNull();
    }
  }

  @Test
  void anAnswerCountsThoughTheServerResetsTheStreamAfterIt() throws Exception {
    server.eager = true;
    script =
        call -> {
          call.begin();
          call.message(ANSWER.toByteArray());
          call.end(0, "").addListener(_ -> call.reset(Http2Error.NO_ERROR));
        };

    for (int i = 0; i < 100; i++) {
      try (GrpcCall<StringValue, StringValue> call = client.open(VERSION, Map.of())) {
        call.send(StringValue.getDefaultInstance());
        assertThat(call.receive()).isEqualTo(ANSWER);
        assertThat(call.receive()).isNull();
      }
    }
  }

  @Test
  void aResetAloneIsAFailure() {
    script = call -> call.reset(Http2Error.REFUSED_STREAM);

    assertThatThrownBy(this::version)
        .hasMessage("rpc error: code = Unavailable desc = the server reset the stream: 7");
  }

  @Test
  void aServerThatSaysNothingIsLeftWhenTheLimitHasPassed() throws Exception {
    script = call -> {};

    assertThatThrownBy(
            () ->
                client.call(
                    VERSION, StringValue.getDefaultInstance(), Map.of(), Duration.ofMillis(50)))
        .hasMessage("rpc error: code = DeadlineExceeded desc = context deadline exceeded");
    assertThat(server.resets.poll(20, TimeUnit.SECONDS)).isEqualTo(Http2Error.CANCEL.code());
  }

  @Test
  void anInterruptCancelsTheCall() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    script = call -> asked.countDown();
    CountDownLatch interrupted = new CountDownLatch(1);
    Task asking =
        world.start(
            "asking",
            () -> {
              try {
                version();
              } catch (InterruptedException e) {
                interrupted.countDown();
              }
            });
    asked.await();

    asking.interrupt();

    assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(server.resets.poll(20, TimeUnit.SECONDS)).isEqualTo(Http2Error.CANCEL.code());
  }

  @Test
  void aLostConnectionFailsTheCallAndTheNextCallMakesANewOne() throws Exception {
    script = _ -> server.dropConnections();
    assertThatThrownBy(this::version)
        .isInstanceOfSatisfying(
            GrpcException.class, e -> assertThat(e.status()).isEqualTo(GrpcStatus.UNAVAILABLE));

    script = call -> answer(call, ANSWER.toByteArray());

    assertThat(version()).isEqualTo(ANSWER);
  }

  @Test
  void afterAFarewellCallsGoOverANewConnection() throws Exception {
    version();
    server.sayFarewell();

    // A call that crosses the farewell on its way fails; the first one after it does not.
    while (server.accepted() < 2) {
      try {
        version();
      } catch (GrpcException e) {
        assertThat(e.status()).isEqualTo(GrpcStatus.UNAVAILABLE);
      }
    }
    assertThat(version()).isEqualTo(ANSWER);
  }

  @Test
  void callsShareOneConnection() throws Exception {
    for (int i = 0; i < 10; i++) {
      version();
    }

    assertThat(server.accepted()).isEqualTo(1);
  }

  @Test
  void withoutASocketTheFailureNamesIt() {
    Path nowhere = directory.resolve("nowhere.sock");
    try (GrpcClient lost = new GrpcClient(world, LOOPS, nowhere)) {
      assertThatThrownBy(
              () -> lost.call(VERSION, StringValue.getDefaultInstance(), Map.of(), PATIENCE))
          .isInstanceOfSatisfying(
              GrpcException.class, e -> assertThat(e.status()).isEqualTo(GrpcStatus.UNAVAILABLE))
          .hasMessageContaining(nowhere.toString());
    }
  }

  private StringValue version() throws InterruptedException {
    return client.call(VERSION, StringValue.getDefaultInstance(), Map.of(), PATIENCE);
  }

  private static StringValue name(String name) {
    return StringValue.newBuilder().setValue(name).build();
  }

  private static void answer(TestServer.Call call, byte[] message) {
    call.begin();
    call.message(message);
    call.end(0, "");
  }
}
