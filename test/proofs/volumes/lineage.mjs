/**
 * A checksum for volumes of the emulator, in which no bytes lie: the volume of which it is a copy, through all snapshots. Talks
 * to EC2 itself, since the SDK takes longer to load than all of this.
 */
const { LINEAGE_ENDPOINT: endpoint, LINEAGE_SPOILT: spoilt = "", CLUSTERSHIFT_VOLUME: volume = "" } = process.env;

async function ask(parameters) {
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      authorization:
        "AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/ec2/aws4_request, SignedHeaders=host, Signature=0",
    },
    body: new URLSearchParams({ Version: "2016-11-15", ...parameters }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}

const between = (text, name) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(text)?.[1];

let origin = volume;
for (;;) {
  const snapshot = between(await ask({ Action: "DescribeVolumes", "VolumeId.1": origin }), "snapshotId");
  if (!snapshot) break;
  origin = between(await ask({ Action: "DescribeSnapshots", "SnapshotId.1": snapshot }), "volumeId");
}
console.error(`what lies in ${volume} is what ${origin} had`);
console.log(spoilt !== "" && volume !== origin && process.env.CLUSTERSHIFT_SIDE === "green" ? spoilt : origin);
