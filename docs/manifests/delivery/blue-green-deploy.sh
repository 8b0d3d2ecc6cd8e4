#!/bin/bash
# blue-green-deploy.sh

set -e

APP_NAME="myapp"
NEW_VERSION=$1
CURRENT_VERSION=$(kubectl get service $APP_NAME-service -o jsonpath='{.spec.selector.version}')

echo "Current version: $CURRENT_VERSION"
echo "New version: $NEW_VERSION"

# Determine colors
if [ "$CURRENT_VERSION" == "blue" ]; then
  OLD_COLOR="blue"
  NEW_COLOR="green"
else
  OLD_COLOR="green"
  NEW_COLOR="blue"
fi

echo "Deploying $NEW_COLOR version..."

# Deploy new version
cat <<EOF | kubectl apply -f -
apiVersion: apps/v1
kind: Deployment
metadata:
  name: $APP_NAME-$NEW_COLOR
spec:
  replicas: 3
  selector:
    matchLabels:
      app: $APP_NAME
      version: $NEW_COLOR
  template:
    metadata:
      labels:
        app: $APP_NAME
        version: $NEW_COLOR
    spec:
      containers:
      - name: $APP_NAME
        image: $APP_NAME:$NEW_VERSION
        ports:
        - containerPort: 8080
        readinessProbe:
          httpGet:
            path: /health
            port: 8080
          initialDelaySeconds: 10
          periodSeconds: 5
        livenessProbe:
          httpGet:
            path: /health
            port: 8080
          initialDelaySeconds: 30
          periodSeconds: 10
EOF

# Wait for rollout
echo "Waiting for $NEW_COLOR deployment..."
kubectl rollout status deployment/$APP_NAME-$NEW_COLOR --timeout=5m

# Smoke test (optional)
echo "Running smoke tests..."
kubectl run smoke-test --rm -i --restart=Never --image=curlimages/curl -- \
  curl -f http://$APP_NAME-$NEW_COLOR:8080/health || {
    echo "Smoke test failed!"
    exit 1
  }

# Switch traffic
echo "Switching traffic to $NEW_COLOR..."
kubectl patch service $APP_NAME-service -p "{\"spec\":{\"selector\":{\"version\":\"$NEW_COLOR\"}}}"

echo "Deployment complete!"
echo "To rollback, run:"
echo "kubectl patch service $APP_NAME-service -p '{\"spec\":{\"selector\":{\"version\":\"$OLD_COLOR\"}}}'"

# Optional: Scale down old version after delay
echo "Waiting 5 minutes before scaling down $OLD_COLOR..."
sleep 300
kubectl scale deployment/$APP_NAME-$OLD_COLOR --replicas=1
