package dev.tiphys.node.volumes.csi;

import com.google.protobuf.MessageLite;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcMethod;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.node.volumes.usage.VolumeMetrics;

/// A driver whose answers are counted.
///
/// @param driver its name
record MeasuredEndpoint(PluginEndpoint endpoint, String driver, VolumeMetrics metrics)
    implements PluginEndpoint {

  @Override
  public <Q extends MessageLite, R extends MessageLite> R call(GrpcMethod<Q, R> method, Q request)
      throws InterruptedException {
    VolumeMetrics.Call call = metrics.asks(driver, method.path());
    try {
      R answer = endpoint.call(method, request);
      call.ended(GrpcStatus.OK);
      return answer;
    } catch (GrpcException e) {
      call.ended(e.status());
      throw e;
    }
  }

  @Override
  public void close() {
    endpoint.close();
  }
}
