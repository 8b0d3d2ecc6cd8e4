package dev.tiphys.cri;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.tiphys.grpc.GrpcMethod;

/// The methods of the CRI service that runs sandboxes and containers.
public final class RuntimeService {

  public static final GrpcMethod<Cri.VersionRequest, Cri.VersionResponse> VERSION =
      method("Version", Cri.VersionResponse.parser());

  public static final GrpcMethod<Cri.StatusRequest, Cri.StatusResponse> STATUS =
      method("Status", Cri.StatusResponse.parser());

  public static final GrpcMethod<Cri.RunPodSandboxRequest, Cri.RunPodSandboxResponse>
      RUN_POD_SANDBOX = method("RunPodSandbox", Cri.RunPodSandboxResponse.parser());

  public static final GrpcMethod<Cri.StopPodSandboxRequest, Cri.StopPodSandboxResponse>
      STOP_POD_SANDBOX = method("StopPodSandbox", Cri.StopPodSandboxResponse.parser());

  public static final GrpcMethod<Cri.RemovePodSandboxRequest, Cri.RemovePodSandboxResponse>
      REMOVE_POD_SANDBOX = method("RemovePodSandbox", Cri.RemovePodSandboxResponse.parser());

  public static final GrpcMethod<Cri.PodSandboxStatusRequest, Cri.PodSandboxStatusResponse>
      POD_SANDBOX_STATUS = method("PodSandboxStatus", Cri.PodSandboxStatusResponse.parser());

  public static final GrpcMethod<Cri.ListPodSandboxRequest, Cri.ListPodSandboxResponse>
      LIST_POD_SANDBOX = method("ListPodSandbox", Cri.ListPodSandboxResponse.parser());

  public static final GrpcMethod<Cri.CreateContainerRequest, Cri.CreateContainerResponse>
      CREATE_CONTAINER = method("CreateContainer", Cri.CreateContainerResponse.parser());

  public static final GrpcMethod<Cri.StartContainerRequest, Cri.StartContainerResponse>
      START_CONTAINER = method("StartContainer", Cri.StartContainerResponse.parser());

  public static final GrpcMethod<Cri.StopContainerRequest, Cri.StopContainerResponse>
      STOP_CONTAINER = method("StopContainer", Cri.StopContainerResponse.parser());

  public static final GrpcMethod<Cri.RemoveContainerRequest, Cri.RemoveContainerResponse>
      REMOVE_CONTAINER = method("RemoveContainer", Cri.RemoveContainerResponse.parser());

  public static final GrpcMethod<Cri.ListContainersRequest, Cri.ListContainersResponse>
      LIST_CONTAINERS = method("ListContainers", Cri.ListContainersResponse.parser());

  public static final GrpcMethod<Cri.ContainerStatusRequest, Cri.ContainerStatusResponse>
      CONTAINER_STATUS = method("ContainerStatus", Cri.ContainerStatusResponse.parser());

  public static final GrpcMethod<
          Cri.UpdateContainerResourcesRequest, Cri.UpdateContainerResourcesResponse>
      UPDATE_CONTAINER_RESOURCES =
          method("UpdateContainerResources", Cri.UpdateContainerResourcesResponse.parser());

  public static final GrpcMethod<Cri.ReopenContainerLogRequest, Cri.ReopenContainerLogResponse>
      REOPEN_CONTAINER_LOG = method("ReopenContainerLog", Cri.ReopenContainerLogResponse.parser());

  public static final GrpcMethod<Cri.ExecSyncRequest, Cri.ExecSyncResponse> EXEC_SYNC =
      method("ExecSync", Cri.ExecSyncResponse.parser());

  public static final GrpcMethod<Cri.ExecRequest, Cri.ExecResponse> EXEC =
      method("Exec", Cri.ExecResponse.parser());

  public static final GrpcMethod<Cri.AttachRequest, Cri.AttachResponse> ATTACH =
      method("Attach", Cri.AttachResponse.parser());

  public static final GrpcMethod<Cri.PortForwardRequest, Cri.PortForwardResponse> PORT_FORWARD =
      method("PortForward", Cri.PortForwardResponse.parser());

  public static final GrpcMethod<Cri.ListContainerStatsRequest, Cri.ListContainerStatsResponse>
      LIST_CONTAINER_STATS = method("ListContainerStats", Cri.ListContainerStatsResponse.parser());

  private RuntimeService() {}

  private static <Q extends MessageLite, R extends MessageLite> GrpcMethod<Q, R> method(
      String name, Parser<R> responses) {
    return new GrpcMethod<>("runtime.v1.RuntimeService", name, responses);
  }
}
