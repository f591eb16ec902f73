import { createFaultBoard, type FaultBoard } from '../faults.ts';

/** Every fault of the practice cluster. */
const clusterFaults = {
  'slow-start': ['Pods start slowly', 'A new pod takes 30 seconds longer until it is ready.'],
  'image-pull': ['Image cannot be pulled', 'New pods wait for an image that is not there.'],
  pods: ['Pods crash', 'Ready pods crash now and then and come back three seconds later.'],
  forbidden: ['Rights missing', 'Looking is allowed; every change is answered with 403.'],
  hang: ['API hangs', 'The API accepts a request and never answers.'],
  'wrong-cluster': ['Another cluster', 'The same context leads to a cluster with another identity.'],
  'server-error': ['API broken', 'The API answers 500.'],
  'expired-token': ['Token expired', 'The API answers 401.'],
  'missing-namespace': ['Namespace gone', 'The namespace of the service is not there.'],
  'version-skew': ['Old API', 'The API says it is four minor versions older.'],
} as const;

export type ClusterFaultName = keyof typeof clusterFaults;
export type ClusterFaults = FaultBoard<ClusterFaultName>;

export const createClusterFaults = (): ClusterFaults => createFaultBoard<ClusterFaultName>(clusterFaults);
