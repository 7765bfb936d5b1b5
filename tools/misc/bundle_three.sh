#!/usr/bin/env bash
# Make mmbopr/visualization/viewer/three.min.js anew: the parts of three.js
# that the page of write_viewer_page uses, in one file. Needs npm and network;
# nothing else in this repository does.
#
#     tools/misc/bundle_three.sh
set -euo pipefail

THREE=0.187.0
ESBUILD=0.28.2
target=$(realpath "$(dirname "$0")/../../mmbopr/visualization/viewer")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

npm install --silent --no-save "three@$THREE" "esbuild@$ESBUILD"
cat > entry.js <<'JS'
export {
  Box3, BufferAttribute, BufferGeometry, DirectionalLight,
  GridHelper, Group, HemisphereLight, Mesh, MeshBasicMaterial,
  MeshStandardMaterial, PerspectiveCamera, PlaneGeometry, SRGBColorSpace,
  Scene, Sphere, Texture, Vector3, WebGLRenderer,
} from 'three';
export {OrbitControls} from 'three/examples/jsm/controls/OrbitControls.js';
JS
npx esbuild entry.js --bundle --minify --format=iife --global-name=THREE \
  --charset=ascii --legal-comments=none --log-level=warning \
  --banner:js="/* three.js $THREE, MIT licence, see THREE_LICENSE */" \
  --outfile=three.min.js
cp three.min.js "$target/three.min.js"
cp node_modules/three/LICENSE "$target/THREE_LICENSE"
sha256sum "$target/three.min.js"
